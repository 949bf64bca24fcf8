"""What a notebook does with rows: which are split off, what learns from which, and on which it is scored.

The cells are followed once from top to bottom, as a clean run would take them, functions where they are called. Every
value is known by the rows that it may hold and by what has been learned into its numbers; of its content nothing is
known. What cannot be followed holds no rows, so that nothing is claimed of it.
"""

from nb_mlops.analysis.learning.follow import follow
from nb_mlops.analysis.learning.story import Fit, Learner, Role, Score, Split, Step, Story

__all__ = ["Fit", "Learner", "Role", "Score", "Split", "Step", "Story", "follow"]
