"""How much of the talk is on wikitext talk pages, and how much on Flow boards.

On talk pages, edits count; on Flow boards, topics, replies, and edits of posts, titles, headers and summaries do, and a
topic with its opening post counts once. The share is that of Flow in both together. Bots are left out of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flow import Count, Graph, Share, dataset

if TYPE_CHECKING:
    import pandas as pd

KINDS = ["topics", "replies", "post_edits", "title_edits", "header_edits", "summary_edits"]


@dataset(
    title="Talk versus Flow",
    columns=[
        Count("talk_edits", "Edits of talk pages"),
        Count("flow_edits", "Edits on Flow boards"),
        Share("flow_share", "Share of Flow in both", of=["flow_edits", "talk_edits"]),
    ],
    graphs=[
        Graph("Talk versus Flow", ["talk_edits", "flow_edits"], unit="edits"),
        Graph("Share of Flow in all talk", ["flow_share"], id="share"),
    ],
    adds_up={
        "talk_edits": ["talk_edits.edits"],
        "flow_edits": [f"flow_edits.{kind}" for kind in KINDS],
    },
)
def talk_versus_flow(talk_edits: pd.DataFrame, flow_edits: pd.DataFrame) -> pd.DataFrame:
    """``date,talk_edits,flow_edits,flow_share``: one row for each period that both have."""
    both = talk_edits.merge(flow_edits, on="date")
    talk, flow = both["edits"], both[KINDS].sum(axis=1, skipna=False)
    total = talk + flow
    return both[["date"]].assign(talk_edits=talk, flow_edits=flow, flow_share=(flow / total).where(total > 0))
