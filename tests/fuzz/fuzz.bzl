"""Fuzz targets that are also tests of their seeds."""

def fuzz_target(name, srcs, corpus, deps):
    """A program that feeds bytes to LLVMFuzzerTestOneInput.

    `bazel test` runs it over the seeds in `corpus`. Built with --config=fuzz it
    is a libFuzzer program (README.md says how to run it).

    Args:
      name: of the target.
      srcs: define LLVMFuzzerTestOneInput.
      corpus: the folder of the seeds, below this package.
      deps: what `srcs` include.
    """
    native.cc_test(
        name = name,
        srcs = srcs + select({
            "//tests/fuzz:fuzzing": [],
            "//conditions:default": ["run_corpus.cc"],
        }),
        args = ["$(location %s)" % seed for seed in native.glob([corpus + "/*"])],
        data = native.glob([corpus + "/*"]),
        linkopts = select({
            "//tests/fuzz:fuzzing": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        deps = deps,
    )
