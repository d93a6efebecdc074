"""Badges and outcomes in every place where a theme may paint something behind them.

The theme comes from the environment, the records from the other test sites.
"""

import os

project = copyright = "themes"
version = "1"
extensions = ["sphinx_design", "sphinx_snapshots.behavior", "sphinx_snapshots.refstatus"]
behavior_series = ["3.11", "3.12", "3.13", "3.14"]
suppress_warnings = ["behavior.uncited"]
refstatus_repository = "python/cpython"
html_theme = os.environ["TEST_THEME"]

if html_theme == "sphinx_immaterial":
    extensions.append("sphinx_immaterial")
    html_theme_options = {
        "font": False,  # Google's, which would be downloaded
        "palette": [
            {"media": "(prefers-color-scheme: light)", "scheme": "default"},
            {"media": "(prefers-color-scheme: dark)", "scheme": "slate"},
        ],
    }
