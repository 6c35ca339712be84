"""Who acts and for whom: units, people, the posts they hold, and who stands in for them."""
