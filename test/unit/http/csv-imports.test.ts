import { beforeEach, describe, expect, it } from 'vitest'
import { Imports } from '../../../src/http/csv-body.js'
import { bearer, Recorder } from './recorder.js'

/*
 * Rows V01 to V13 of the bad-input corpus: tables of short numbers and of lists.
 */

const line = '0033972100001'
const ofLine = `/api/v1/lines/${line}/short-numbers`
const ofGroup = '/api/v1/groups/paris/short-numbers'
const list = `/api/v1/lines/${line}/filters/incoming`
const good = '7890,0033123456789,John,Smith\r\n'

let recorder: Recorder
let api: ReturnType<Recorder['api']>

beforeEach(() => {
  recorder = new Recorder()
  api = recorder.api()
})

async function put(path: string, payload: string | Buffer) {
  const headers = { ...bearer, 'content-type': 'text/csv' }
  const response = await api.inject({ method: 'PUT', url: path, headers, payload })
  const body: { errors?: { row: number; column: number; code: string }[] } =
    response.json()
  return { status: response.statusCode, body }
}

async function csv(path: string): Promise<string> {
  const response = await api.inject({ url: `${path}/csv`, headers: bearer })
  return response.payload
}

describe('a table of short numbers', () => {
  it('is imported and exported, the country code completed (row 85)', async () => {
    const sent = `number,to,firstName,lastName\n7890,0123456789,John,Smith\n789,0033612345678,,\n`
    const { status, body } = await put(`${ofGroup}/csv`, sent)
    expect([status, body]).toEqual([
      200,
      { rows: 2, separator: ',', encoding: 'utf-8', changed: true, applied: true },
    ])
    expect(await csv(ofGroup)).toBe(
      'number,to,firstName,lastName\r\n789,0033612345678,,\r\n7890,0033123456789,John,Smith\r\n',
    )
    const { directory } = recorder.settings
    expect(directory.shortNumbers).toContainEqual({
      number: '7890',
      group: 'paris',
      to: '0033123456789',
      name: 'John Smith',
    })
  })

  it('is the same the second time (row V12), and a preview changes nothing', async () => {
    expect((await put(`${ofGroup}/csv?preview=true`, good)).body).toMatchObject({
      rows: 1,
      changed: false,
    })
    expect(await csv(ofGroup)).not.toContain('John')
    expect((await put(`${ofGroup}/csv`, good)).body).toMatchObject({ changed: true })
    expect((await put(`${ofGroup}/csv`, good)).body).toMatchObject({ changed: false })
  })

  it.each([
    [
      'V02 semicolons and CRLF',
      '7890;0123456789;John;Smith\r\n7891;0123456788;;\r\n',
      ';',
    ],
    ['V02 tabs', '7890\t0123456789\tJohn\tSmith\n', 'tab'],
    ['V02 CR alone', '7890,0123456789,John,Smith\r7891,0123456788,,\r', ','],
    ['V02 a BOM', '\ufeff7890,0123456789,John,Smith\n', ','],
  ])('%s is understood', async (_what, payload, separator) => {
    expect((await put(`${ofGroup}/csv`, payload)).body).toMatchObject({ separator })
  })

  it('V02: Windows-1252 is understood', async () => {
    const payload = Buffer.from('7890,0123456789,Andr\u00e9,M\u00fcller\n', 'latin1')
    expect((await put(`${ofGroup}/csv`, payload)).body).toMatchObject({
      encoding: 'windows-1252',
    })
    expect(await csv(ofGroup)).toContain('André,Müller')
  })

  it.each([
    ['V01 empty', ofGroup, '', 'csv.header', 1, 1],
    ['V01 header only', ofGroup, 'number,to,firstName,lastName\n', 'csv.header', 1, 1],
    ['V01 wrong header', ofGroup, `numero,cible,prenom,nom\n${good}`, 'csv.header', 1, 1],
    ['V01 header in disorder', ofGroup, `number,name,to,x\n${good}`, 'csv.header', 1, 1],
    ['V01 a missing column', ofGroup, '7890,0123456789,John\n', 'csv.header', 1, 3],
    [
      'V01 an extra column',
      ofGroup,
      `${good}7891,0123456789,a,b,c\n`,
      'csv.header',
      2,
      5,
    ],
    [
      'V03 a quote left open',
      ofGroup,
      `${good}7891,"0123456789,a,b\n`,
      'csv.syntax',
      2,
      2,
    ],
    [
      'V03 a line end in a cell',
      ofGroup,
      '7890,0123456789,"a\nb",c\n',
      'csv.syntax',
      1,
      3,
    ],
    ['V03 NUL', ofGroup, '7890,0123456789,a\0,c\n', 'csv.syntax', 1, 3],
    ['V04 a power of ten', ofGroup, '7890,"6,12E+08",a,b\n', 'number.mangled', 1, 2],
    ['V04 a lost zero', ofGroup, '7890,612345678,a,b\n', 'number.mangled', 1, 2],
    [
      'V05 rows that contradict',
      ofGroup,
      `${good}7890,0687654321,,\n`,
      'csv.conflict',
      2,
      1,
    ],
    ['V08 a formula', ofGroup, '7890,0123456789,=HYPERLINK(1),\n', 'name.chars', 1, 3],
    ['V09 an emergency number', ofGroup, '7890,112,,\n', 'short.class', 1, 2],
    ['V09 a satellite', ofGroup, '7890,00881612345678,,\n', 'short.class', 1, 2],
    ['85 a group of 2…', ofGroup, '2890,0123456789,,\n', 'short.owner', 1, 1],
    ['85 a line of 7…', ofLine, '7890,0123456789,,\n', 'short.owner', 1, 1],
    ['no short number', ofLine, '28901,0123456789,,\n', 'short.format', 1, 1],
    ['no number', ofLine, '2890,*21#,,\n', 'number.format', 1, 2],
  ])('%s is refused', async (_what, path, payload, code, row, column) => {
    const { status, body } = await put(`${path}/csv`, payload)
    expect(status).toBe(422)
    expect(body.errors?.[0]).toMatchObject({ code, row, column })
    expect(await csv(path)).not.toContain('John')
  })

  it('V03: a cell of a megabyte is refused', async () => {
    const { status, body } = await put(`${ofGroup}/csv`, `7890,${'1'.repeat(1e6)},a,b\n`)
    expect([status, body.errors?.[0]?.code]).toEqual([422, 'csv.syntax'])
  })

  it('V05: the same row twice is one', async () => {
    expect((await put(`${ofGroup}/csv`, good + good)).status).toBe(200)
    expect(
      recorder.settings.shortNumbers({ kind: 'group', group: 'paris' }),
    ).toHaveLength(1)
  })

  it('V06: 100 001 rows are too many', async () => {
    const { status, body } = await put(
      `${ofGroup}/csv`,
      '789,0123456789,,\n'.repeat(100_001),
    )
    expect([status, body.errors?.[0]?.code]).toEqual([413, 'csv.tooLong'])
  })

  it('V07: one bad row among 5 000, and nothing is imported; a hundred are told', async () => {
    const row = (at: number) => `7${String(at % 1000).padStart(3, '0')},0123456789,,\n`
    const rows = Array.from({ length: 5_000 }, (_, at) => row(at))
    const spoilt = [...rows.slice(0, 4_000), '7001,nobody,,\n', ...rows.slice(4_000)]
    const { status, body } = await put(`${ofGroup}/csv`, spoilt.join(''))
    expect([status, body.errors?.length]).toEqual([422, 1])
    const all = await put(`${ofGroup}/csv`, '7001,nobody,,\n'.repeat(300))
    expect(all.body.errors).toHaveLength(100)
    expect(await csv(ofGroup)).not.toContain('7999')
  })

  it('H27: what a spreadsheet would run is marked', async () => {
    await put(`${ofLine}/csv`, '2890,0123456789,-1,@b\n')
    expect(await csv(ofLine)).toContain("2890,0033123456789,'-1,'@b")
  })

  it('is emptied, or one is taken out', async () => {
    await put(`${ofGroup}/csv`, `${good}7891,0123456788,,\n`)
    const url = (only: string) => `${ofGroup}${only}`
    const gone = (only: string) =>
      api.inject({ method: 'DELETE', url: url(only), headers: bearer })
    expect((await gone('?only=7999')).statusCode).toBe(404)
    expect((await gone('?only=7890')).statusCode).toBe(200)
    expect(await csv(ofGroup)).toBe(
      'number,to,firstName,lastName\r\n7891,0033123456788,,\r\n',
    )
    expect((await gone('')).statusCode).toBe(200)
    expect(await csv(ofGroup)).toBe('number,to,firstName,lastName\r\n')
  })

  it('V13: while one is running another is refused; nobody has no group', async () => {
    const imports = new Imports()
    let end = (): void => undefined
    const first = imports.alone(
      'group:paris',
      () => new Promise<void>((done) => (end = done)),
    )
    const second = imports.alone('group:paris', () => Promise.resolve())
    await expect(second).rejects.toMatchObject({ status: 409, type: 'import-running' })
    await imports.alone('group:lyon', () => Promise.resolve())
    end()
    await first
    await imports.alone('group:paris', () => Promise.resolve())
    expect((await put('/api/v1/groups/nobody/short-numbers/csv', good)).status).toBe(404)
  })
})

describe('a white or black list', () => {
  it('is imported in any spelling, and what it does is set with it', async () => {
    const sent = 'entry\n0612345678\n+33 6 87*\nservices\n0033612345678\n'
    expect((await put(`${list}/csv?mode=black`, sent)).body).toMatchObject({
      changed: true,
    })
    expect(recorder.settings.line(line)?.filters?.incoming).toEqual({
      mode: 'black',
      entries: ['0033612345678', '0033687*', 'services'],
    })
    expect(await csv(list)).toBe('entry\r\n0033612345678\r\n0033687*\r\nservices\r\n')
  })

  it.each([
    ['nothing', '', 'csv.header'],
    ['a wrong header', 'numero\n0612345678\n', 'csv.header'],
    ['two columns', '0612345678,x\n', 'csv.header'],
    ['a lost zero', '612345678\n', 'number.mangled'],
    ['a power of ten', '6.12E+08\n', 'number.mangled'],
    ['a code', '0612345678\n*21#\n', 'filter.entry'],
  ])('%s is refused', async (_what, payload, code) => {
    const { status, body } = await put(`${list}/csv`, payload)
    expect([status, body.errors?.[0]?.code]).toEqual([422, code])
    expect(recorder.settings.line(line)?.filters).toBeUndefined()
  })

  it('holds a thousand entries and not one more', async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, at) => `06${String(10_000_000 + at)}\n`).join('')
    expect((await put(`${list}/csv`, rows(1_001))).body.errors?.[0]?.code).toBe(
      'filter.tooMany',
    )
    expect((await put(`${list}/csv`, rows(1_000))).status).toBe(200)
  })
})
