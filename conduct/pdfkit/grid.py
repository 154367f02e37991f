"""The page and grid of GB/T 9704-2012 in points; every distance of an official paper comes from here.

Source: GB/T 9704-2012 5.1, 5.2; the exact advance and line box are computed from 156 mm and 225 mm.
"""

MM = 72 / 25.4

PAGE_WIDTH = 210 * MM
PAGE_HEIGHT = 297 * MM
LEFT = 28 * MM
TOP = 37 * MM
WIDTH = 156 * MM
HEIGHT = 225 * MM

COLUMNS = 28
ROWS = 22
ADVANCE = WIDTH / COLUMNS
LINE = HEIGHT / ROWS

# 号 to points as every office uses them.
SIZE_2 = 22.0
SIZE_3 = 16.0
SIZE_4 = 14.0
SIZE_SMALL_4 = 12.0
SIZE_5 = 10.5

# Height of the middle of a CJK em box above the baseline, in em (ascent 0.88, descent 0.12).
MIDDLE = 0.38

BODY_TRACKING = ADVANCE - SIZE_3
EPSILON = 0.01
