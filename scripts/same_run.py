#!/usr/bin/env python3
"""Compares what two programs left of the same work: for same_as.sh.

same_run.py runs OLD NEW     two folders, file by file: a line for everything that differs, and exit code 1 then.
                             Lines that begin with "note: " tell of what only the new one has
same_run.py times OLD NEW    two folders of what `shadenet bench --json` printed, in turns: the ratios of the shortest
                             times; exit code 1 where the new program takes over 3 % longer
same_run.py draw FOLDER      FOLDER/before and FOLDER/after: three pairs of small pictures of 16 bits

Takes nothing but Python's standard library.
"""
import array
import csv
import json
import math
import pathlib
import struct
import sys
import zlib
from collections.abc import Iterator

Path = pathlib.Path

# Losses of validation may be summed in another order.
tolerance = 1e-6
near_columns = {"validation_loss"}
near_metadata = {"best_loss"}
# These are of the clock.
clock_columns = {"seconds"}
clock_metadata = {"epoch_seconds"}
slower_allowed = 0.03


def near(old: str, new: str) -> bool:
    if old == new:
        return True
    try:
        return math.isclose(float(old), float(new), rel_tol=tolerance)
    except ValueError:
        return False


def bytes_differ(old: bytes, new: bytes) -> Iterator[str]:
    if old == new:
        return
    if len(old) != len(new):
        yield f"{len(old)} bytes, and now {len(new)}"
    else:
        yield f"first at byte {next(i for i, (a, b) in enumerate(zip(old, new)) if a != b)} of {len(old)}"


# What a model holds.


def read_tensors(data: bytes) -> tuple[dict[str, str], dict[str, tuple[str, list[int], bytes]]]:
    """The metadata, and of every tensor its type, its shape and its values."""
    begin = 8 + struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:begin])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        tensors[name] = (entry["dtype"], entry["shape"], data[begin + first : begin + last])
    return metadata, tensors


def tensor_difference(old: tuple[str, list[int], bytes], new: tuple[str, list[int], bytes]) -> str:
    if old[:2] != new[:2]:
        return f"{old[0]} {old[1]}, and now {new[0]} {new[1]}"
    if old[0] != "F32":
        return next(bytes_differ(old[2], new[2]))
    before, now = array.array("f", old[2]), array.array("f", new[2])
    others = [i for i in range(len(before)) if old[2][4 * i : 4 * i + 4] != new[2][4 * i : 4 * i + 4]]
    most = max(abs(before[i] - now[i]) for i in others)
    return f"{len(others)} of {len(before)} values, by up to {most:.2g}"


def models_differ(old: bytes, new: bytes) -> Iterator[str]:
    old_metadata, old_tensors = read_tensors(old)
    new_metadata, new_tensors = read_tensors(new)
    for key, value in old_metadata.items():
        found = new_metadata.get(key)
        if found is None:
            yield f"metadata {key} is gone"
        elif found != value and key not in clock_metadata and not (key in near_metadata and near(value, found)):
            yield f'metadata {key} is "{value}", and now "{found}"'
    for key in new_metadata.keys() - old_metadata.keys():
        yield f"note: metadata {key} is new"
    for name, tensor in old_tensors.items():
        if name not in new_tensors:
            yield f"tensor {name} is gone"
        elif tensor != new_tensors[name]:
            yield f"tensor {name}: {tensor_difference(tensor, new_tensors[name])}"
    for name in new_tensors.keys() - old_tensors.keys():
        yield f"tensor {name} is new"


# Tables and numbers.


def tables_differ(old: bytes, new: bytes) -> Iterator[str]:
    old_rows, new_rows = (list(csv.reader(data.decode().splitlines())) for data in (old, new))
    if old_rows[:1] != new_rows[:1]:
        yield "its columns are others"
        return
    if len(old_rows) != len(new_rows):
        yield f"{len(old_rows) - 1} rows, and now {len(new_rows) - 1}"
    for row, (before, now) in enumerate(zip(old_rows[1:], new_rows[1:]), start=1):
        if len(before) != len(now):
            yield f"row {row} has {len(before)} fields, and now {len(now)}"
            return
        for column, a, b in zip(old_rows[0], before, now):
            if a != b and column not in clock_columns and not (column in near_columns and near(a, b)):
                yield f"row {row}: {column} is {a}, and now {b}"
                return


def values_differ(old: object, new: object, place: str = "") -> Iterator[str]:
    """Of JSON."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key in new:
                yield from values_differ(value, new[key], f"{place}{key} ")
            else:
                yield f"{place}{key} is gone"
        for key in new.keys() - old.keys():
            yield f"note: {place}{key} is new"
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for i, (a, b) in enumerate(zip(old, new)):
            yield from values_differ(a, b, f"{place}{i} ")
    elif old != new:
        yield f"{place}is {json.dumps(old)}, and now {json.dumps(new)}"


def documents_differ(old: bytes, new: bytes) -> Iterator[str]:
    yield from values_differ(json.loads(old), json.loads(new))


# Pictures.


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def predicted(kind: int, left: int, up: int, corner: int) -> int:
    """What a line of a PNG is told from, by the kind of the line."""
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda value: abs(guess - value))  # the first of those that are as near
    return (0, left, up, (left + up) // 2)[kind]


def pixels(png: bytes) -> tuple[bytes, bytes, bytes]:
    """Size and kind, palette, and the samples. Pictures with interlace are not taken apart: they are as stored."""
    parts: dict[bytes, bytes] = {}
    for name, content in chunks(png):
        parts[name] = parts.get(name, b"") + content
    header = parts[b"IHDR"]
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", header)
    stored = zlib.decompress(parts[b"IDAT"])
    palette = parts.get(b"PLTE", b"") + parts.get(b"tRNS", b"")
    if interlace:
        return header, palette, stored
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    step, length = max(1, bits // 8), (width * bits + 7) // 8
    samples, above = bytearray(), bytes(length)
    for y in range(height):
        kind, line = stored[y * (length + 1)], bytearray(stored[y * (length + 1) + 1 : (y + 1) * (length + 1)])
        if kind:
            for i, value in enumerate(line):
                left, corner = (line[i - step], above[i - step]) if i >= step else (0, 0)
                line[i] = (value + predicted(kind, left, above[i], corner)) & 255
        samples += line
        above = line
    return header, palette, bytes(samples)


def pictures_differ(old: bytes, new: bytes) -> Iterator[str]:
    (old_header, *old_rest), (new_header, *new_rest) = pixels(old), pixels(new)
    if old_header != new_header:
        yield "its size or kind of pixels is another"
    elif old_rest != new_rest:
        count = sum(a != b for a, b in zip(old_rest[1], new_rest[1]))
        yield f"{count} of {len(old_rest[1])} bytes of its pixels" if count else "its palette"
    else:
        yield "note: are stored otherwise, with the same pixels"


def draw(folder: Path) -> None:
    """Waves with some noise, and the same darker and with its channels mixed. Of whole numbers alone."""
    width, height, largest = 72, 56, 65535
    for number in range(3):
        before, after = bytearray(), bytearray()
        noise = number + 1
        for y in range(height):
            before.append(0)
            after.append(0)
            for x in range(width):
                noise = (noise * 1103515245 + 12345) % 2**31
                red = (x * x * (number + 3) * 37 + noise // 65536 % 2048) % largest
                green = abs((x * 1900 + y * 1300 * (number + 1)) % (2 * largest) - largest)
                blue = y * largest // height
                before += struct.pack(">HHH", red, green, blue)
                after += struct.pack(">HHH", (red + green) // 2, green * 3 // 4, (blue + 3 * green) // 5)
        for name, lines in (("before", before), ("after", after)):
            (folder / name).mkdir(parents=True, exist_ok=True)
            png = b"\x89PNG\r\n\x1a\n"
            header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
            for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")):
                png += struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
            (folder / name / f"waves{number}.png").write_bytes(png)


# Folders.

comparisons = {
    ".safetensors": models_differ,
    ".csv": tables_differ,
    ".bin": bytes_differ,
    ".png": pictures_differ,
}
by_name = {"floor.json": documents_differ, "health.json": documents_differ, "quality.json": documents_differ}


def comparison(path: Path):
    """None for what may differ, as a page or a run's configuration."""
    return by_name.get(path.name) or comparisons.get(path.suffix)


def files(folder: Path) -> set[Path]:
    found = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {path for path in found if not path.name.startswith(".")}


def file_differences(old: Path, new: Path) -> list[str]:
    differ = comparison(old)
    before, now = old.read_bytes(), new.read_bytes()
    if differ is None or before == now:
        return []
    try:
        return list(differ(before, now))
    except (LookupError, ValueError, struct.error, zlib.error) as error:
        return [f"differs, and cannot be read: {error}"]


def compare(old: Path, new: Path) -> bool:
    """Prints what differs; whether nothing does."""
    differences: list[str] = []
    notes: set[str] = set()
    old_files, new_files = files(old), files(new)
    if not any(comparison(path) for path in old_files):
        differences.append(f"{old}: holds nothing that can be compared")
    for path in sorted(old_files - new_files):
        differences.append(f"{path}: is gone")
    for path in sorted(new_files - old_files):
        if comparison(path):
            differences.append(f"{path}: is new")
        else:
            notes.add(f"{path.name}: is new")
    for path in sorted(old_files & new_files):
        for line in file_differences(old / path, new / path):
            if line.startswith("note: "):
                notes.add(f"{'pictures' if path.suffix == '.png' else path.name}: {line.removeprefix('note: ')}")
            else:
                differences.append(f"{path}: {line}")
    for line in differences + [f"note: {note}" for note in sorted(notes)]:
        print(line)
    return not differences


def shortest(folder: Path) -> dict[str, float]:
    """In milliseconds. Other work of the machine makes a time longer, often twice as long, and none shorter."""
    best: dict[str, float] = {}
    for path in sorted(folder.glob("*.json")):
        result = json.loads(path.read_text())
        times = {f"{result['plan']} training step": result["train_step_ms"], "inference": result["inference_ms"]}
        for what, time in times.items():
            best[what] = min(best.get(what, math.inf), time["min"])
    return best


def compare_times(old: Path, new: Path) -> bool:
    """Prints the ratios; whether none is too large."""
    before, now = shortest(old), shortest(new)
    if not before or before.keys() != now.keys():
        sys.exit(f"same_run.py: {old} and {new} do not hold measurements of the same")
    ratios = {what: now[what] / time for what, time in before.items()}
    for what, ratio in ratios.items():
        word = "SLOWER" if ratio > 1 + slower_allowed else "same"
        print(f"{word:8} times: {what}: {before[what]:.2f} ms, and now {now[what]:.2f} ms, {ratio:.3f} times as long")
    return max(ratios.values()) <= 1 + slower_allowed


def main() -> int:
    work, *folders = sys.argv[1:] or [""]
    paths = [Path(folder) for folder in folders]
    if work == "draw" and len(paths) == 1:
        draw(paths[0])
        return 0
    if work not in ("runs", "times") or len(paths) != 2:
        print(__doc__, end="", file=sys.stderr)
        return 2
    for path in paths:
        if not path.is_dir():
            print(f"same_run.py: {path}: is no folder", file=sys.stderr)
            return 2
    return 0 if (compare if work == "runs" else compare_times)(*paths) else 1


if __name__ == "__main__":
    sys.exit(main())
