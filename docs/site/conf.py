# SPDX-License-Identifier: Apache-2.0
"""The documentation site: `make docs` writes it to build/site."""

import functools

from nbclient import NotebookClient

import rheobase

# a machine that is busy is no fault of the pages; that ipykernel listens on it is no news
NotebookClient.__init__ = functools.partialmethod(
    NotebookClient.__init__, startup_timeout=600, extra_arguments=["--log-level=ERROR"]
)

project = "Rheobase"
author = "Rheobase"
version = release = rheobase.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = f"Rheobase {version}"
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

nb_execution_mode = "force"  # what a page shows hangs on the package too
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}
suppress_warnings = ["myst.header", "myst.xref_missing"]
