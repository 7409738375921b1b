import type { AccountRecord, AccountStore } from '../../src/storage/port.ts'

/** App accounts in memory; the contract of storage is proven on the real adapters. */
export const createMemoryAccounts = (...records: AccountRecord[]): AccountStore => {
  const accounts = new Map(records.map((record) => [record.name, record]))
  return {
    find: async (name) => accounts.get(name) ?? null,
    list: async () => [...accounts.values()],
    upsert: async (account) => {
      accounts.set(account.name, account)
    },
  }
}
