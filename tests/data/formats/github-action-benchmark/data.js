window.BENCHMARK_DATA = {
  "lastUpdate": 1700000200000,
  "repoUrl": "https://github.com/someone/engine",
  "entries": {
    "Engine": [
      {
        "commit": {"id": "1111111111111111111111111111111111111111", "message": "first",
                   "timestamp": "2023-11-14T22:13:20Z", "url": "https://example.com/1",
                   "author": {"name": "a"}, "committer": {"name": "a"}},
        "date": 1700000000000, "tool": "cargo",
        "benches": [
          {"name": "parse", "value": 1500, "range": "± 20", "unit": "ns/iter"},
          {"name": "print", "value": "250", "unit": "ns/iter"}
        ]
      },
      {
        "commit": {"id": "2222222222222222222222222222222222222222"},
        "date": 1700000100000, "tool": "cargo",
        "benches": [{"name": "parse", "value": 1600, "unit": "ns/iter"}]
      }
    ],
    "Throughput, all": [
      {
        "commit": {"id": "2222222222222222222222222222222222222222"},
        "date": 1700000150000, "tool": "customBiggerIsBetter",
        "benches": [{"name": "requests", "value": 70.5, "unit": "req/s", "extra": "p=1\nq=2"}]
      },
      {
        "commit": {"id": "3333333333333333333333333333333333333333"},
        "date": 1700000200000, "tool": "go",
        "benches": [
          {"name": "BenchmarkX", "value": 12, "unit": "ns/op\t       3 B/op\t       1 allocs/op"},
          {"name": "BenchmarkX - MB/s", "value": 80, "unit": "MB/s"},
          {"name": "BenchmarkX - allocs/op", "value": 1, "unit": "allocs/op"}
        ]
      }
    ]
  }
};
