import Handlebars from 'handlebars'
import { prints } from './template-values.js'

/** Blocks a template may use; all of them check the type of what they are given. */
export const BLOCKS: readonly string[] = ['each', 'if', 'unless']

/** The node kinds that carry text only. */
const SILENT = new Set(['ContentStatement', 'CommentStatement'])

/**
 * What is wrong with a template: every `{{ }}` goes through a typed helper, so
 * that no value reaches Asterisk unchecked (reliability §3.6). One sentence per
 * fault, with its line; none when the template is fine.
 */
export function lintTemplate(source: string): readonly string[] {
  return statements(Handlebars.parse(source))
}

function statements(program: hbs.AST.Program | undefined): string[] {
  return (program?.body ?? []).flatMap(statement)
}

function statement(node: hbs.AST.Statement): string[] {
  if (SILENT.has(node.type)) return []
  if (isMustache(node)) return mustache(node)
  if (isBlock(node)) {
    const inside = [...statements(node.program), ...statements(node.inverse)]
    return [...block(node), ...inside]
  }
  return [at(node, `${node.type} is not used in our templates`)]
}

function mustache(node: hbs.AST.MustacheStatement): string[] {
  const faults: string[] = []
  const helper = nameOf(node.path)
  if (!node.escaped) faults.push(at(node, `triple-stash or & around ${helper}`))
  if (!Object.hasOwn(prints, helper)) faults.push(at(node, `no such helper: ${helper}`))
  if (node.params.length === 0) faults.push(at(node, `bare mustache: ${helper}`))
  return [...faults, ...plain(node)]
}

function block(node: hbs.AST.BlockStatement): string[] {
  const name = nameOf(node.path)
  const known = BLOCKS.includes(name) ? [] : [at(node, `no such block: ${name}`)]
  const one = node.params.length === 1 ? [] : [at(node, `#${name} takes one value`)]
  return [...known, ...one, ...plain(node)]
}

/** Sub-expressions and named arguments would hide a value from the checks above. */
function plain(node: hbs.AST.MustacheStatement | hbs.AST.BlockStatement): string[] {
  const nested = node.params.filter((param) => param.type === 'SubExpression')
  const named = node.hash?.pairs ?? []
  return [...nested, ...named].map((part) => at(part, 'only plain values as arguments'))
}

function nameOf(node: hbs.AST.Node): string {
  return 'original' in node ? String(node.original) : node.type
}

function at(node: hbs.AST.Node, fault: string): string {
  return `line ${node.loc.start.line}: ${fault}`
}

function isMustache(node: hbs.AST.Node): node is hbs.AST.MustacheStatement {
  return node.type === 'MustacheStatement'
}

function isBlock(node: hbs.AST.Node): node is hbs.AST.BlockStatement {
  return node.type === 'BlockStatement'
}
