/**
 * The projects as Nx sees them, for the lint configuration.
 * @typedef {{ data: { root: string, tags?: string[] } }} ProjectNode
 */

const layers = ['type:app', 'type:adapter', 'type:contract', 'type:pure', 'type:migrations'];

/**
 * A project outside the layers escapes every import rule, so it stops lint altogether.
 * Each project also carries `scope:<its name>`, by which rules about single rooms find it.
 * @param {Record<string, ProjectNode>} nodes
 */
export function requireTags(nodes) {
  const faults = Object.entries(nodes).flatMap(([name, { data }]) => {
    const tags = data.tags ?? [];
    const layer = tags.filter((tag) => layers.includes(tag));
    const wanted = [
      ...(layer.length === 1 ? [] : [`exactly one of ${layers.join(', ')}`]),
      ...(tags.includes(`scope:${name}`) ? [] : [`scope:${name}`]),
    ];
    return wanted.length === 0 ? [] : [`${data.root}/project.json has tags [${tags.join(', ')}]; it needs ${wanted.join(' and ')}`];
  });
  if (faults.length > 0) throw new Error(`A project without its tags escapes the import rules.\n${faults.join('\n')}`);
}

/**
 * @param {Record<string, ProjectNode>} nodes
 * @param {string} tag
 * @returns {{ name: string, root: string }[]}
 */
export function projectsByTag(nodes, tag) {
  return Object.entries(nodes)
    .filter(([, { data }]) => data.tags?.includes(tag))
    .map(([name, { data }]) => ({ name, root: data.root }));
}
