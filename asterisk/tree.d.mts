export type TreeName = 'asterisk' | 'phones' | 'voice' | 'browser'

export type TreeProgram = { command: string; argv: string[]; libraries: string }

export const oldestAsterisk: string
export const suite: string
export const recipes: Record<
  TreeName,
  { revision: number; packages: string[]; programs: Record<string, string> }
>

export function cacheFolder(env?: NodeJS.ProcessEnv): string
export function treeFolder(name: TreeName, cache?: string): string
export function findLoader(
  tree: string,
): { libraries: string; loader: string } | undefined
export function programOf(tree: string, program: string): TreeProgram | undefined
export function browserOf(
  tree: string,
): { path: string; env: Record<string, string> } | undefined
export function versionIn(text: string): string | undefined
export function isAtLeast(version: string, floor: string): boolean
