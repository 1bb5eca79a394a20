// What the build writes into frontend/generated/ before it bundles; declared, so that types check without a build.
declare module "*/generated/problems.json" {
  const catalogue: Record<string, { status: number; title: string; detail: string; next_step: string }>;
  export default catalogue;
}

declare module "*/generated/problems-at-hand.json" {
  const catalogue: Record<string, { status: number; title: string; detail: string; next_step: string }>;
  export default catalogue;
}

declare module "*/generated/problems-desk.json" {
  const catalogue: Record<string, { status: number; title: string; detail: string; next_step: string }>;
  export default catalogue;
}

declare module "*/generated/calls-dispatcher.json" {
  const codes: string[];
  export default codes;
}
