"""What a closed legacy interpreter leaves of its memory: little; more on early 3.12 and 3.13."""

from memory import report_growth

report_growth(isolated=False)
