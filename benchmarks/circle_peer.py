"""Links over time by semopy on a panel in a JSON file: processor seconds and the links it finds.

Run by `benchmarks.circle` in an environment of its own: python circle_peer.py FILE. The file holds units by years by variables, null
where not seen; what is seen is without error. The model is the random-intercept cross-lagged panel model of Hamaker, Kuiper &
Grasman 2015, links and news the same every year.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
import semopy


def model(variables: int, years: int) -> str:
    lines = []
    for v in range(variables):
        lines.append(f"k{v} =~ " + " + ".join(f"1*x{v}_{t}" for t in range(years)))
        for t in range(years):
            lines += [f"w{v}_{t} =~ 1*x{v}_{t}", f"x{v}_{t} ~~ 0*x{v}_{t}"]
    for t in range(1, years):
        for v in range(variables):
            lines.append(f"w{v}_{t} ~ " + " + ".join(f"a{v}{u}*w{u}_{t - 1}" for u in range(variables)))
            lines += [f"w{v}_{t} ~~ q{v}{u}*w{u}_{t}" for u in range(v + 1)]
    for v in range(variables):
        lines += [f"w{v}_0 ~~ w{u}_0" for u in range(v + 1)] + [f"k{v} ~~ k{u}" for u in range(v + 1)]
        lines += [f"k{v} ~~ 0*w{u}_0" for u in range(variables)]
    return "\n".join(lines)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="ascii") as file:  # noqa: PTH123
        value = np.array(json.load(file), dtype=float)
    units, years, variables = value.shape
    table = pd.DataFrame({f"x{v}_{t}": value[:, t, v] for v in range(variables) for t in range(years)})
    start = time.process_time()
    fitted = semopy.Model(model(variables, years))
    done = fitted.fit(table, obj="FIML" if np.isnan(value).any() else "MLW")
    seconds = time.process_time() - start
    found = fitted.inspect()
    links = np.zeros((variables, variables))
    for v in range(variables):
        for u in range(variables):
            here = (found["lval"] == f"w{v}_1") & (found["op"] == "~") & (found["rval"] == f"w{u}_0")
            links[v, u] = float(found.loc[here, "Estimate"].iloc[0])
    print(json.dumps({"seconds": seconds, "links": links.tolist(), "message": str(done.success)}))
