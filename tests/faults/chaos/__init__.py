"""The house under fire: phones that file, a killer that ends its parts, a count of what is left.

The same fire burns a naive control, built as such things usually are, so that it is seen to destroy something.
"""
