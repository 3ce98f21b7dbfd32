"""What a release tells beside its CSVs: which numbers changed, which are withheld, and how fresh each is; and its checks."""
