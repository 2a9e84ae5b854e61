export { LoopAgent, loopUnderTest, waitByAgent } from './loop-agent.ts';
export { RawClient, u32 } from './raw-client.ts';
