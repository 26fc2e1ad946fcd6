// Shows /openapi.json. Text goes in as text, never as markup.

const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

const METHODS = ['get', 'post', 'patch', 'put', 'delete'];

class Description {
  constructor(root) {
    this.root = root;
  }

  /** The thing itself where `node` only points at it; what stands beside the pointer wins. */
  resolve(node) {
    if (!node?.$ref) {
      return node;
    }
    const path = node.$ref.slice(2).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const found = path.reduce((place, part) => place[part], this.root);
    const { $ref, ...beside } = node;
    return { ...this.resolve(found), ...beside };
  }

  operations() {
    return Object.entries(this.root.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => {
        const operation = item[method];
        const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
        return { ...operation, path, method, parameters: parameters.map((each) => this.resolve(each)) };
      }));
  }
}

const nameOf = (schema) => schema?.$ref?.split('/').at(-1);

/** A schema in one line, as a reader would say it. */
function typeOf(schema) {
  if (!schema) {
    return '';
  }
  if (schema.$ref) {
    return nameOf(schema);
  }
  if ('const' in schema) {
    return JSON.stringify(schema.const);
  }
  if (schema.enum) {
    return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
  }
  if (schema.anyOf) {
    return schema.anyOf.map(typeOf).join(' | ');
  }
  const types = [schema.type ?? 'anything'].flat();
  const name = types.map((type) => (type === 'array' ? `array of ${typeOf(schema.items) || 'anything'}` : type)).join(' | ');
  return [name, bounds(schema)].filter(Boolean).join(', ');
}

function bounds(schema) {
  const range = (least, most, unit) => {
    if (least === undefined && most === undefined) {
      return '';
    }
    return `${least ?? ''}…${most ?? ''}${unit}`;
  };
  const words = [
    range(schema.minimum, schema.maximum, ''),
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minItems, schema.maxItems, ' entries'),
    schema.default === undefined ? '' : `default ${JSON.stringify(schema.default)}`,
  ];
  return words.filter(Boolean).join(', ');
}

/** Words with what stands between backticks set as code. */
const inline = (words) => words.trim().split('`').map((part, i) => (i % 2 === 1 ? make('code', {}, part) : part));

const text = (words) => (words ? make('div', {}, ...words.trim().split(/\n\s*\n/).map((each) => make('p', {}, ...inline(each)))) : null);

function table(headings, rows) {
  const head = make('thead', {}, make('tr', {}, ...headings.map((each) => make('th', { scope: 'col' }, each))));
  const body = make('tbody', {}, ...rows.map((cells) => make('tr', {}, ...cells.map((cell) => make('td', {}, cell ?? '')))));
  return make('div', { class: 'tables' }, make('table', {}, head, body));
}

function linked(schema) {
  const name = nameOf(schema) ?? nameOf(schema?.items);
  const words = typeOf(schema);
  return name ? make('a', { href: `#schema-${name}` }, words) : make('span', {}, words);
}

function parameters(operation) {
  if (operation.parameters.length === 0) {
    return null;
  }
  const rows = operation.parameters.map((each) => [
    make('code', {}, each.name), each.in + (each.required ? ', required' : ''), linked(each.schema), make('span', {}, ...inline(each.description ?? '')),
  ]);
  return make('div', {}, make('h4', {}, 'Parameters'), table(['name', 'in', 'type', 'meaning'], rows));
}

function contents(content = {}) {
  return Object.entries(content).map(([mediaType, { schema, 'x-events': events }]) =>
    make('p', {}, make('code', {}, mediaType), ' ', events ? eventsOf(events) : linked(schema)));
}

function eventsOf(events) {
  const name = nameOf(events);
  return make('a', { href: `#events-${name}` }, `events of ${name}`);
}

function body(description, operation) {
  const request = description.resolve(operation.requestBody);
  return request
    ? make('div', {}, make('h4', {}, request.required ? 'Body' : 'Body, may be left out'), text(request.description), ...contents(request.content))
    : null;
}

function responses(description, operation) {
  const entries = Object.entries(operation.responses).map(([status, reference]) => {
    const response = description.resolve(reference);
    const headers = Object.entries(response.headers ?? {}).map(([name, header]) => [
      make('code', {}, name), make('span', {}, ...inline(description.resolve(header).description ?? '')),
    ]);
    return make('details', {},
      make('summary', {}, make('code', {}, status), ' ', response.description),
      make('div', {}, ...contents(response.content), headers.length ? table(['header', 'meaning'], headers) : null));
  });
  return make('div', {}, make('h4', {}, 'Answers'), ...entries);
}

function article(description, operation) {
  return make('article', { id: operation.operationId },
    make('h3', {}, make('span', { class: 'method' }, operation.method.toUpperCase()), make('code', {}, operation.path)),
    text(operation.summary), text(operation.description),
    parameters(operation), body(description, operation), responses(description, operation));
}

function schemaArticle(name, schema) {
  const variants = schema.anyOf ?? [schema];
  const tables = variants.map((variant) => {
    const required = new Set(variant.required ?? []);
    const rows = Object.entries(variant.properties ?? {}).map(([member, its]) => [
      make('code', {}, member), linked(its), required.has(member) ? 'always there' : '', make('span', {}, ...inline(its.description ?? '')),
    ]);
    return rows.length ? table(['member', 'type', '', 'meaning'], rows) : make('p', {}, linked(variant));
  });
  const described = schema.description?.includes('\n|')
    ? make('pre', { class: 'text' }, schema.description.trim())
    : text(schema.description);
  return make('article', { id: `schema-${name}` }, make('h3', {}, name), described, ...tables);
}

function eventsArticle(name, events) {
  const rows = Object.entries(events).map(([event, schema]) => [make('code', {}, event), linked(schema)]);
  return make('article', { id: `events-${name}` }, make('h3', {}, `Events of ${name}`), table(['event', 'data'], rows));
}

function contentsEntry(id, ...label) {
  return make('li', {}, make('a', { href: `#${id}` }, ...label));
}

function show(root) {
  const description = new Description(root);
  const main = document.getElementById('operations');
  const nav = document.getElementById('contents');
  const operations = description.operations();
  document.getElementById('state').remove();
  main.append(text(root.info.summary), text(root.info.description));
  for (const tag of root.tags) {
    const its = operations.filter((operation) => operation.tags[0] === tag.name);
    main.append(make('section', { 'aria-label': tag.name }, make('h2', {}, tag.name), text(tag.description),
      ...its.map((operation) => article(description, operation))));
    nav.append(make('h2', {}, tag.name), make('ul', {}, ...its.map((operation) =>
      contentsEntry(operation.operationId, `${operation.method.toUpperCase()} ${operation.path}`))));
  }
  const schemas = Object.entries(root.components.schemas);
  const events = Object.entries(root.components['x-events']);
  main.append(make('section', { 'aria-label': 'Shapes' }, make('h2', {}, 'Shapes'),
    ...events.map(([name, its]) => eventsArticle(name, its)),
    ...schemas.map(([name, schema]) => schemaArticle(name, schema))));
  nav.append(make('h2', {}, 'Shapes'), make('ul', {},
    ...events.map(([name]) => contentsEntry(`events-${name}`, `Events of ${name}`)),
    ...schemas.map(([name]) => contentsEntry(`schema-${name}`, name))));
  // The place an address names exists only now.
  if (location.hash) {
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }
}

try {
  const response = await fetch('/openapi.json');
  if (!response.ok) {
    throw new Error(`status ${response.status}`);
  }
  show(await response.json());
} catch (failure) {
  document.getElementById('state').textContent = `The description could not be loaded (${failure.message}). Reload the page to try again.`;
}
