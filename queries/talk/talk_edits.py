"""Edits that people make to wikitext talk pages, those of pages since deleted among them.

Flow boards are no wikitext talk pages. What moving a page writes is no edit: neither the null revision nor the redirect
left behind. The namespace is the page's of today: article, user and project talk, and all others.
"""

from flow import Count, Dataset, People

talk_edits = Dataset(
    title="Talk page edits",
    source="core",
    columns=[
        Count("edits", "Edits of talk pages"),
        People("editors", "People who edited talk pages", acts=["edits"]),
        Count("article", "Edits of article talk pages"),
        Count("user", "Edits of user talk pages"),
        Count("project", "Edits of project talk pages"),
        Count("other", "Edits of other talk pages"),
        Count("by_bots", "By bots and not counted"),
    ],
    draw=["article", "user", "project", "other"],
    adds_up={"edits": ["article", "user", "project", "other"]},
    # One look for a live twin of each deleted revision, and a pass over archive's times, are among them.
    reads=7,
    sql="""
        SELECT {{ period('saved_timestamp') }} AS date,
               SUM(counts) AS edits,
               COUNT(DISTINCT CASE WHEN counts = 1 THEN author END) AS editors,
               SUM(CASE WHEN namespace = 1 THEN counts ELSE 0 END) AS article,
               SUM(CASE WHEN namespace = 3 THEN counts ELSE 0 END) AS user,
               SUM(CASE WHEN namespace = 5 THEN counts ELSE 0 END) AS project,
               SUM(CASE WHEN namespace NOT IN (1, 3, 5) THEN counts ELSE 0 END) AS other,
               SUM(by_bot) AS by_bots
          FROM {{ talk_edits() }} AS edit
         GROUP BY 1
    """,
)
