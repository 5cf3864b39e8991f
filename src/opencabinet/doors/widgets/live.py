"""What scripts need beside the tree: the exact figures, by the keys of the elements that show them."""

from opencabinet.doors.showing.model import Figures, Refused, Shown
from opencabinet.doors.showing.tree import Tree, keyed, tree
from opencabinet.doors.widgets.asked import Asked


def exact(asked: Asked, shown: Shown | Refused) -> Tree:
    """Return the tree of what is shown, with the exact figures in it: so it is seen which went up or down."""
    made = tree(shown, base=asked.checks, level=asked.level)
    if not asked.options.title:
        untitled(made)
    if isinstance(shown, Shown):
        elements = keyed(made)
        for key, cell in shown.cells:
            if cell.value is not None and key in elements:
                elements[key][1]["data-value"] = cell.value
    return made


def untitled(made: Tree) -> None:
    """Leave the title to the page around; the element keeps it as its name."""
    head = made[2][0]
    head[2] = [each for each in head[2] if each[1].get("class") != "oc-title"]


def said(shown: Shown | Refused) -> str | None:
    """Return the figure that people came for, as it is told to those who listen; None where there is not one."""
    if not isinstance(shown, Shown):
        return None
    blocks = [each for each in shown.blocks if isinstance(each, Figures) and each.items]
    return f"{blocks[0].items[0].label}: {blocks[0].items[0].cell.text}" if blocks else None
