"""The press: prints made-up disclosures and serves them as a portal, for the demo, the tests and the benchmarks.

Everything here is invented: the city 望溪市 (no such place; its region code 139900 is not given out in GB/T 2260 and is
told by the source), its departments, their projects and every figure. Form titles, column heads and the names of the
function and economic codes are the official ones. Same seed, same bytes.
"""
