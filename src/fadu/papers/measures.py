"""The measures of GB/T 9704—2012 in one place, for every setter: millimetres for places, points for sizes of type."""

PAGE = (210, 297)  # 5.1
TOP, RIGHT, BOTTOM, LEFT = 37, 26, 35, 28  # 5.2.1
WIDTH, HEIGHT = PAGE[0] - LEFT - RIGHT, PAGE[1] - TOP - BOTTOM  # the type area, 156 × 225
LINES, CHARACTERS = 22, 28  # 5.2.3
PITCH = HEIGHT / LINES  # from line to line
ADVANCE = WIDTH / CHARACTERS  # from character to character

BODY, TITLE, SMALL, TABLE = 16, 22, 14, 12  # 3号, 2号, 4号, 小4号
MARK_LARGEST, MARK_SMALLEST = 46, 26  # 7.2.4: of a size the organ thinks right, here as wide as the type area allows
LETTER_MARK_LARGEST = 36

MARK_BELOW = 35  # 7.2.4: from the top of the type area
SLIP_MARK_BELOW = 6  # of a slip or a bulletin, which the standard leaves to the organ
NUMBER_LINES_BELOW = 2  # 7.2.5
RULE_BELOW = 4  # 7.2.7
RED_RULE = 0.6
TITLE_LINES_BELOW = 2  # 7.3.1
DATE_FROM_RIGHT, ORGAN_FROM_RIGHT = 4, 2  # 7.3.5, in characters
OUTER_RULE, INNER_RULE = 0.35, 0.25  # 7.4.1
PAGE_NUMBER_BELOW = 7  # 7.5: below the type area

LETTER_MARK_TOP = 30  # 10.1: from the top of the page
LETTER_RULE_BELOW, LETTER_RULE_WIDTH, LETTER_RULE_BOTTOM = 4, 170, 20
THICK, THIN = 1.0, 0.35  # of the letter's double rule

RED = "#c4161c"
POINT = 25.4 / 72  # millimetres

for_setters = {name.lower(): value for name, value in globals().items() if name.isupper()}
