"""Prints what hyperfine measured, as ratios to its first command.

    python ratios.py hyperfine.json
"""

import json
import sys

with open(sys.argv[1]) as file:
    results = json.load(file)["results"]
ours = results[0]
for result in results:
    name, median = result["command"], result["median"]
    spread = f"{result['min']:.3f} to {result['max']:.3f} s"
    print(f"{name:<12} median {median:.3f} s ({spread}), ours / this {ours['median'] / median:.2f}")
