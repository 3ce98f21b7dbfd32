"""Messages of others, up to what they quote: that may be somebody's name."""

import re

#: A mark of quotation; no apostrophe, as in «doesn't».
MARK = re.compile(r"""["`“‘«]|(?<!\w)[bru]?'""")


def unquoted(text: str) -> str:
    """``text``, in one line, up to its first quotation. What follows goes too: a quoted text may hold marks itself."""
    line = " ".join(text.split())
    found = MARK.search(line)
    return f"{line[: found.start()]}'…'" if found else line
