"""What scripts need beside the tree: the exact figures, by the keys of the elements that show them."""

from opencabinet.doors.showing.model import Figures, Refused, Shown
from opencabinet.doors.showing.tree import Tree, keyed, tree


def exact(shown: Shown | Refused, base: str, level: int) -> Tree:
    """Return the tree of what is shown, with the exact figures in it: so it is seen which went up or down."""
    made = tree(shown, base=base, level=level)
    if isinstance(shown, Shown):
        elements = keyed(made)
        for key, cell in shown.cells:
            if cell.value is not None and key in elements:
                elements[key][1]["data-value"] = cell.value
    return made


def said(shown: Shown | Refused) -> str | None:
    """Return the figure that people came for, as it is told to those who listen; None where there is not one."""
    if not isinstance(shown, Shown):
        return None
    blocks = [each for each in shown.blocks if isinstance(each, Figures) and each.items]
    return f"{blocks[0].items[0].label}: {blocks[0].items[0].cell.text}" if blocks else None
