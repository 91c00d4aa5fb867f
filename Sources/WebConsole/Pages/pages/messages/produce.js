export function openProduce() {}
