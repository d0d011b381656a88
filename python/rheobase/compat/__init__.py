# SPDX-License-Identifier: Apache-2.0
"""Other engines' Python classes, on Rheobase."""
