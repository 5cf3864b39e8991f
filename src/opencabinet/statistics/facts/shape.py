"""How results are spread: their deviations from the mean."""

from opencabinet.statistics.facts.basis import Basis, Part, real


def shape(basis: Basis) -> Part:
    """Return sums of the second, third and fourth powers of the results' deviations from their mean."""
    if not len(basis):
        return Part({})
    away = basis.money - basis.money.mean()
    squares = away * away
    return Part(
        {
            "result_squares": real(squares.sum()),
            "result_cubes": real((squares * away).sum()),
            "result_fourths": real((squares * squares).sum()),
        }
    )
