project = "Test site"
author = "Nobody"
version = release = "1"
extensions = ["myst_parser", "sphinx.ext.extlinks", "sphinx_issues", "sphinx_snapshots.refstatus"]
extlinks = {"cpython-issue": ("https://github.com/python/cpython/issues/%s", "issue %s")}
issues_default_group_project = "python/cpython"
refstatus_repository = "python/cpython"
refstatus_index = True
refstatus_export = True
nitpicky = True
latex_documents = [("index", "site.tex", project, author, "manual")]
man_pages = [("index", "site", project, author, 1)]
texinfo_documents = [("index", "site", project, author, "site", "A site.", "Miscellaneous")]
epub_copyright = "nobody"
