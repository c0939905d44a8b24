"""The passes from a streaming SELECT to a batch one, one a file; `batch.lowering` orders them."""
