# SPDX-License-Identifier: Apache-2.0
"""The documentation site: `make docs` writes it to build/site."""

import rheobase
from jupyter_client.connect import ConnectionFileMixin

# the code of the pages runs in another process: pipes that nobody else reads (over TCP, ipykernel warns)
ConnectionFileMixin.transport.default_value = "ipc"

project = "Rheobase"
author = "Rheobase"
version = release = rheobase.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = f"Rheobase {version}"
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

nb_execution_mode = "cache"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}
suppress_warnings = ["myst.header", "myst.xref_missing"]
