"""The press: prints made-up disclosures and serves them as a portal, for the demo, the tests and the benchmarks.

Everything here is invented: the city 河北省望溪市 (the province is real, so that a look-up finds its GB/T 2260 code
130000; there is no such city in it), its departments, their projects and every figure. Form titles, column heads and the names of the
function and economic codes are the official ones. Same seed, same bytes.
"""
