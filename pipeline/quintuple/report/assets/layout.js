// Where the nodes of the graph go. Each part that hangs together gets a box of its own: springs along ties, repulsion
// between all, then no two labels overlap. The boxes are set in rows.

const ROOM = { width: 150, height: 78 };
const TIE = 90;

/** Place nodes `{w, h}` joined by links `{source, target}` (indices): sets x and y, returns the height that takes. */
function place(nodes, links, width) {
  const boxes = components(nodes, links).map((part) => arrange(part, width));
  boxes.sort((a, b) => b.height - a.height || b.width - a.width);
  let top = 0;
  while (boxes.length) {
    const shelf = [boxes.shift()];
    let left = width - shelf[0].width;
    for (let index = 0; index < boxes.length; ) {
      if (boxes[index].width <= left) {
        left -= boxes[index].width;
        shelf.push(...boxes.splice(index, 1));
      } else index += 1;
    }
    let x = left / shelf.length / 2;
    for (const box of shelf) {
      for (const node of box.nodes) Object.assign(node, { x: node.x + x, y: node.y + top });
      x += box.width + left / shelf.length;
    }
    top += shelf[0].height;
  }
  return top;
}

/** The parts of the graph that hang together, each with its own links. */
function components(nodes, links) {
  const root = nodes.map((_, index) => index);
  const find = (index) => (root[index] === index ? index : find(root[index]));
  for (const { source, target } of links) root[find(source)] = find(target);
  const parts = new Map();
  nodes.forEach((node, index) => {
    if (!parts.has(find(index))) parts.set(find(index), { nodes: [], links: [], of: new Map() });
    const part = parts.get(find(index));
    part.of.set(index, part.nodes.length);
    part.nodes.push(node);
  });
  for (const { source, target } of links) {
    const part = parts.get(find(source));
    part.links.push({ source: part.of.get(source), target: part.of.get(target) });
  }
  return [...parts.values()];
}

/** Place the nodes of one part in a box of their own, from 0, 0; the same every time. */
function arrange({ nodes, links }, room) {
  if (nodes.length === 2) return arrangePair(nodes, links, room);
  const area = nodes.length * ROOM.width * ROOM.height;
  const width = Math.min(room, Math.max(...nodes.map((node) => node.w + 4), Math.sqrt(area * 2)));
  const height = Math.max(ROOM.height, area / width);
  const ideal = 0.85 * Math.sqrt((width * height) / nodes.length);
  nodes.forEach((node, index) => {
    // A sunflower: even, and without a line of symmetry to be caught in.
    const radius = Math.sqrt((index + 0.5) / nodes.length);
    node.x = width / 2 + radius * (width / 2.4) * Math.cos(index * 2.4);
    node.y = height / 2 + radius * (height / 2.4) * Math.sin(index * 2.4);
  });
  const rounds = 300;
  for (let round = 0; round < rounds; round += 1) {
    move(nodes, forces(nodes, links, ideal, width, height), ideal * 0.5 * (1 - round / rounds), width, height);
  }
  spread(nodes, "x", "w", width);
  spread(nodes, "y", "h", height);
  for (let round = 0; round < 200 && part(nodes, width, height); round += 1);
  return { nodes, width, height };
}

function arrangePair(nodes, links, room) {
  const [one, other] = links[0].source === 0 ? nodes : [nodes[1], nodes[0]];
  const width = Math.min(room, (one.w + other.w) / 2 + Math.max(TIE, (one.w + other.w) / 2 + 8));
  const height = Math.max(one.h, other.h) + 14;
  Object.assign(one, { x: one.w / 2 + 2, y: height / 2 });
  Object.assign(other, { x: width - other.w / 2 - 2, y: height / 2 });
  return { nodes, width, height };
}

function forces(nodes, links, ideal, width, height) {
  const push = nodes.map((node) => ({
    // A weak pull to the middle keeps what is tied to nothing else in the picture.
    x: (width / 2 - node.x) * 0.04 * (height / width), y: (height / 2 - node.y) * 0.04,
  }));
  const add = (a, b, dx, dy, force) => {
    push[a].x += dx * force;
    push[a].y += dy * force;
    push[b].x -= dx * force;
    push[b].y -= dy * force;
  };
  for (let a = 0; a < nodes.length; a += 1) {
    for (let b = a + 1; b < nodes.length; b += 1) {
      const [dx, dy] = [nodes[a].x - nodes[b].x, nodes[a].y - nodes[b].y];
      add(a, b, dx, dy, (ideal * ideal) / Math.max(1, dx * dx + dy * dy));
    }
  }
  for (const { source, target } of links) {
    const [dx, dy] = [nodes[source].x - nodes[target].x, nodes[source].y - nodes[target].y];
    add(source, target, dx, dy, -Math.hypot(dx, dy) / ideal);
  }
  return push;
}

function move(nodes, push, heat, width, height) {
  nodes.forEach((node, index) => {
    const { x, y } = push[index];
    const scale = Math.min(heat, Math.hypot(x, y)) / Math.max(1e-6, Math.hypot(x, y));
    node.x += x * scale;
    node.y += y * scale;
    keep(node, width, height);
  });
}

/** Stretch the nodes over the whole box. */
function spread(nodes, along, size, room) {
  const low = Math.min(...nodes.map((node) => node[along] - node[size] / 2));
  const high = Math.max(...nodes.map((node) => node[along] + node[size] / 2));
  for (const node of nodes) {
    const half = node[size] / 2;
    const share = (node[along] - half - low) / Math.max(1, high - low - node[size]);
    node[along] = half + 2 + share * (room - node[size] - 4);
  }
}

function keep(node, width, height) {
  node.x = Math.min(width - node.w / 2 - 2, Math.max(node.w / 2 + 2, node.x));
  node.y = Math.min(height - node.h / 2 - 2, Math.max(node.h / 2 + 2, node.y));
}

/** Push overlapping boxes apart along the shorter way; tells whether any did overlap. */
function part(nodes, width, height) {
  let overlapped = false;
  for (let a = 0; a < nodes.length; a += 1) {
    for (let b = a + 1; b < nodes.length; b += 1) {
      const [one, other] = [nodes[a], nodes[b]];
      const wide = (one.w + other.w) / 2 + 4 - Math.abs(one.x - other.x);
      const tall = (one.h + other.h) / 2 + 4 - Math.abs(one.y - other.y);
      if (wide > 0 && tall > 0) {
        overlapped = true;
        const along = wide < tall ? "x" : "y";
        const shift = (Math.min(wide, tall) / 2 + 0.5) * (one[along] < other[along] ? -1 : 1);
        one[along] += shift;
        other[along] -= shift;
        keep(one, width, height);
        keep(other, width, height);
      }
    }
  }
  return overlapped;
}
