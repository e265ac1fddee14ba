"use strict";

// Pictures: shows two of a set over each other, with a line to drag between them. Without this script, and in
// print, the pictures stand side by side.

const comparisons = [["input", "after"], ["before", "after"], ["after", "target"]];

function make(name, properties, parent) {
    const element = Object.assign(document.createElement(name), properties);
    parent.append(element);
    return element;
}

function add_comparison(set) {
    const figures = new Map([...set.querySelectorAll("figure")].map((figure) => [figure.dataset.kind, figure]));
    const box = make("div", {className: "compare"}, set);
    const stage = make("div", {className: "wipe"}, box);
    const under = make("img", {alt: ""}, stage), over = make("img", {alt: "", className: "over"}, stage);
    const range = make("input", {type: "range", min: 0, max: 100, step: .5, value: 50}, stage);
    const sides = make("div", {className: "sides"}, box);
    const left = make("span", {}, sides), right = make("span", {}, sides);
    const move = () => stage.style.setProperty("--at", `${range.value}%`);
    range.addEventListener("input", move);
    move();
    return (left_kind, right_kind) => {
        const first = figures.get(left_kind) ?? figures.values().next().value;
        const second = figures.get(right_kind) ?? first;
        for (const [image, label, figure] of [[over, left, first], [under, right, second]]) {
            const picture = figure.querySelector("img");
            image.src = picture.src;
            image.width = picture.width;
            image.height = picture.height;
            image.classList.toggle("small", picture.classList.contains("small"));
            label.textContent = figure.textContent;
        }
        range.ariaLabel = `${set.querySelector("h3").textContent}: ${left.textContent} on the left, ` +
            `${right.textContent} on the right`;
    };
}

function add_switch(section, index) {
    const sets = section.querySelector(".sets");
    const shows = (kind) => sets.querySelector(`figure[data-kind=${kind}]`) !== null;
    const name = (kind) => sets.querySelector(`figure[data-kind=${kind}] figcaption`).textContent;
    const choices = comparisons.filter((kinds) => kinds.every(shows));
    if (choices.length === 0) return;
    const compare = [...sets.querySelectorAll(".set")].map(add_comparison);
    const bar = document.createElement("fieldset");
    bar.className = "switch";
    bar.ariaLabel = "Which pictures are compared";
    sets.before(bar);
    const add_choice = (text, choose) => {
        const label = make("label", {}, bar);
        make("input", {type: "radio", name: `pictures-${index}`}, label).addEventListener("change", choose);
        label.append(text);
        return label.firstChild;
    };
    for (const [left, right] of choices) {
        add_choice(`${name(left)} | ${name(right)}`, () => {
            sets.classList.add("comparing");
            for (const show of compare) show(left, right);
        });
    }
    add_choice("all side by side", () => sets.classList.remove("comparing"));
    bar.querySelector("input").click();
}

document.querySelectorAll(".pictures").forEach(add_switch);

// Charts: shows the values of the point that is nearest to the pointer or chosen with the arrow keys.

const number = (text) => Number(text.replace("inf", "Infinity"));
const numbers = (text) => text === "" ? [] : text.split(" ").map(number);

/** Where an epoch or a value lies in the drawing, from the facts that the drawing carries. */
function places(svg) {
    const [left, top, right, bottom] = numbers(svg.dataset.plot);
    const along = (value, [low, high], f) => (f(value) - f(low)) / (f(high) - f(low));
    const x = numbers(svg.dataset.x), y = numbers(svg.dataset.y);
    const bend = svg.dataset.scale === "log" ? Math.log10 : (value) => value;
    return {
        top, bottom,
        x: (epoch) => left + (right - left) * along(epoch, x, (value) => value),
        y: (value) => bottom - (bottom - top) * along(value, y, bend),
    };
}

function svg_child(svg, name, className) {
    const element = document.createElementNS(svg.namespaceURI, name);
    element.setAttribute("class", className);
    element.setAttribute("visibility", "hidden");
    svg.append(element);
    return element;
}

function set_attributes(element, values) {
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
}

function add_readout(svg) {
    const epochs = numbers(svg.dataset.epochs);
    if (epochs.length === 0) return;
    const at = places(svg);
    const paths = [...svg.querySelectorAll(".line")];
    const values = paths.map((path) => numbers(path.dataset.values));
    const hair = svg_child(svg, "line", "hair"), marker = svg_child(svg, "circle", "marker");
    const readout = svg.closest("figure").querySelector(".readout") ??
        make("p", {className: "readout", ariaLive: "polite"}, svg.closest("figure"));
    let line = 0, index = epochs.length - 1;

    const can_show = (value) => Number.isFinite(at.y(value));
    /** Of a mean squared error, its peak signal-to-noise ratio. */
    const decibels = (value) => svg.dataset.decibels !== undefined && value > 0 && Number.isFinite(value) ?
        ` (${(-10 * Math.log10(value)).toFixed(1)} dB)` : "";
    const show = () => {
        const value = values[line][index], x = at.x(epochs[index]);
        svg.classList.add("asked");
        paths.forEach((path, i) => path.classList.toggle("lit", i === line));
        set_attributes(hair, {x1: x, x2: x, y1: at.top, y2: at.bottom, visibility: "visible"});
        set_attributes(marker, {visibility: can_show(value) ? "visible" : "hidden"});
        if (can_show(value)) {
            set_attributes(marker, {cx: x, cy: at.y(value), r: 4, stroke: paths[line].getAttribute("stroke")});
        }
        const words = Number.isNaN(value) ? "no value" : value + decibels(value);
        readout.textContent = `${paths[line].dataset.name}, ${svg.dataset.unit} ${epochs[index]}: ${words}`;
    };
    const hide = () => {
        svg.classList.remove("asked");
        for (const element of [hair, marker]) element.setAttribute("visibility", "hidden");
        readout.textContent = "";
    };
    const nearest = (count, distance) => {
        let best = 0;
        for (let i = 1; i < count; ++i) {
            if (!(distance(i) >= distance(best))) best = i;
        }
        return best;
    };
    svg.addEventListener("pointermove", (event) => {
        const pointer = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        index = nearest(epochs.length, (i) => Math.abs(at.x(epochs[i]) - pointer.x));
        const height = (i) => can_show(values[i][index]) ? Math.abs(at.y(values[i][index]) - pointer.y) : Infinity;
        line = nearest(paths.length, height);
        show();
    });
    svg.addEventListener("pointerleave", hide);
    svg.addEventListener("blur", hide);
    svg.addEventListener("keydown", (event) => {
        const steps = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[event.key];
        if (steps === undefined) return;
        event.preventDefault();
        line = (line + steps[0] + paths.length) % paths.length;
        index = Math.min(Math.max(index + steps[1], 0), epochs.length - 1);
        show();
    });
    svg.tabIndex = 0;
    svg.querySelector("title").remove();  // its tooltip would cover the readings; aria-label says the same
}

document.querySelectorAll(".chart svg").forEach(add_readout);
