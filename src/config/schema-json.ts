import { z } from 'zod'
import { SiteFile } from '../model/site-file.js'

/** The JSON Schema (draft 2020-12) of what a person writes into a site file. */
export function siteSchema(): object {
  return {
    ...z.toJSONSchema(SiteFile, { io: 'input', unrepresentable: 'any' }),
    $id: 'https://linekeeper.example/site.schema.json',
    title: 'linekeeper site file',
  }
}
