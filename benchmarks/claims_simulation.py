"""What the rules of studies do to made-up seeds of which the truth is known, as the table in docs/claims.md."""

from resnet_explorer.describe.text_tables import markdown
from resnet_explorer.studies.simulation import shares

STUDIES = 4_000


def main() -> None:
    """Print the table."""
    rows = [[share.what, f"{share.share:.1%}"] for share in shares(STUDIES)]
    print(markdown(["how often", f"of {STUDIES:,} studies"], rows))


if __name__ == "__main__":
    main()
