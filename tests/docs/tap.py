"""TAP for the tests of the documentation."""

import sys


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, passed, name, *details):
        """One test; the details are printed when it fails."""
        self.count += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.count} - {name}")
        for detail in () if passed else details:
            for line in str(detail).splitlines():
                print(f"# {line}")
        return passed

    def same(self, got, wanted, name):
        """Two sets; what one of them lacks is named."""
        return self.ok(
            set(got) == set(wanted),
            name,
            f"only documented: {sorted(set(got) - set(wanted))}",
            f"not documented: {sorted(set(wanted) - set(got))}",
        )

    def end(self):
        print(f"1..{self.count}")
        sys.exit(self.failed > 0)
