"""Edits that people make to wikitext talk pages, those of pages since deleted among them.

Flow boards are no wikitext talk pages. What changes nothing in the text is no edit, such as the line in the history that
notes a move, nor is the redirect that a move leaves behind. Whether a page is article, user, project or other talk goes
by where it is today, or was when it was deleted. What bots write is left out, and counted apart.
"""

from flow import Count, Dataset, Graph, People

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
    graphs=[
        Graph("Talk page edits by kind of page", ["article", "user", "project", "other"], unit="edits"),
        Graph("Talk page edits", ["edits"], id="all", unit="edits", more_is_better=True),
        Graph("People who edited talk pages", ["editors"], id="people", more_is_better=True),
        Graph("Talk page edits by bots", ["by_bots"], id="bots", unit="edits"),
    ],
    adds_up={"edits": ["article", "user", "project", "other"]},
    # One look for a live twin of each deleted revision, and a pass over archive's times, are among them.
    reads=5,
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
