# SPDX-License-Identifier: Apache-2.0
"""Bodies for brains."""
