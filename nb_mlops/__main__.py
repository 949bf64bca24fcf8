"""`python -m nb_mlops`: the same command line as `nb-mlops`."""

from nb_mlops.doors.cli import main

if __name__ == "__main__":
    main()
