import { isEmpty, type Plan } from './plan.js'

/** What the person or the script that applies has said. */
export interface Consent {
  /** `--yes`: whatever the plan is. */
  readonly yes: boolean
  /** `--plan`: this plan, which has been read. */
  readonly checksum?: string
  /** `--confirm-delete`: so many lines go. */
  readonly deletions?: number
}

/** Why a plan is not applied as things stand. */
export interface Refusal {
  readonly code:
    | 'plan.changed'
    | 'apply.massDelete'
    | 'apply.drift'
    | 'apply.rolledBack'
    | 'confirm.required'
  readonly message: string
}

/**
 * What is still missing before the plan may be applied. Only `confirm.required` can
 * be made good by asking; the others need a word that was thought about beforehand.
 */
export function missingConsent(plan: Plan, consent: Consent): Refusal | undefined {
  if (consent.checksum !== undefined && consent.checksum !== plan.checksum) {
    const message = `this is plan ${plan.checksum}, not ${consent.checksum}: read it again`
    return { code: 'plan.changed', message }
  }
  if (isEmpty(plan)) return undefined
  const { massDeletion } = plan
  if (massDeletion !== undefined && consent.deletions !== massDeletion) {
    const message = `${massDeletion} lines would go; to mean it, say --confirm-delete ${massDeletion}`
    return { code: 'apply.massDelete', message }
  }
  if (consent.checksum !== undefined) return undefined
  const edited = plan.dangers.filter(({ code }) => code === 'apply.drift')
  if (edited.length > 0) {
    const message =
      `${edited.length} file(s) were edited by hand; read the plan, then say ` +
      `--plan ${plan.checksum}`
    return { code: 'apply.drift', message }
  }
  if (consent.yes) return undefined
  return {
    code: 'confirm.required',
    message: 'nobody is there to be asked; say --yes, or --plan with its checksum',
  }
}
