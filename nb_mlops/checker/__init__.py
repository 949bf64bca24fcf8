"""Records of runs to findings: do they agree, and where do they part? Pure.

plan.py says which runs to make, factors.py what is changed in them on purpose. compare_runs.py holds two runs against
each other, saved.py a run against the file; verdict.py judges. culprit.py, diagnose.py, circumstances.py and reseed.py
find out why; differences.py and findings.py say it, shown.py and report.py show it, evidence.py vouches for it. grid.py
and parameters.py are about notebooks with parameters.
"""
