"""What wikis are called: as MediaWiki says, after their database, and not as Toolforge calls its copies of them."""

#: Source: Wikitech, Help:Toolforge/Database.
OF_COPIES = "_p"


def of_toolforge(wiki: str) -> str:
    """What to add where a wiki bears the name of a database on Toolforge; nothing where it does not."""
    if not wiki.endswith(OF_COPIES):
        return ""
    return f", '{wiki.removesuffix(OF_COPIES)}': names in {OF_COPIES} are those of Toolforge's databases"
