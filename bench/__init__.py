"""`make bench`: what a sync costs on this machine, measured on the real parts: Temporal, worker, API, and fakes over HTTP."""
