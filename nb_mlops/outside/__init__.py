"""The only rooms with windows: disk, git, kernels, keys and the registry enter here.

- notebooks and their project: files, index, project, named, declared, dependencies, baseline_file, samples, versions
  (of a history's notebooks), cache and outcomes (what was found before)
- git and CI: git, git_filter, ci_place
- other programs: ruff, presidio, render (nbconvert), shell
- one run of a notebook: run_one starts a process (execute) with a kernel (kernel, papermill_engine), watches it (watch,
  processes, stopping), harvests it (harvest) and keeps it (run_cache); where it runs: environment, isolation, locking,
  project_copy
- generated packages and the programs of a change: packages, programs; a model measured in a clean process: evaluator
- the paper: artefacts (the drawer `.nb-mlops/`), signing, trust, ledger_file, premises; the registry: registry/
- work done beside: pool, jobs, alone (a lock)
"""
