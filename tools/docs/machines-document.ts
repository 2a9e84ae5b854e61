import { signaling, type SignalingInput, type SignalingState } from '@tipring/sip/machines';
import { exploreDeposit, exploreMenu } from './application-graphs.ts';
import { exploreCall } from './call-graph.ts';
import { exploreLine } from './line-graph.ts';
import { exploreSubscription, exploreWatchedDialog } from './presence-graphs.ts';
import { StateGraph } from './state-graph.ts';
import { exploreStation } from './station-graph.ts';
import { exploreCallOutcomes, exploreReachability, exploreRegistration } from './trunk-graphs.ts';
import { exploreTransaction, inviteClient, inviteServer, nonInviteClient, nonInviteServer } from './transaction-graphs.ts';

/** docs/machines.md: what the machines do when every input is tried in every state that can be reached. */
export function machinesDocument(): string {
  const { graph, calls } = exploreCall();
  const station = exploreStation();
  const line = exploreLine();
  return `# The machines, as they are

This file is made by \`npm run docs\`, which tries every input in every state that can be reached; a test fails when it is out of
date. An arrow carries the inputs that lead from one state to another; the tables also have those that lead back to the same
state and do something. "Does" is all that was seen to be done on such a transition, not all of it each time.

## A call

\`libs/telephony/src/call.ts\`; its drawing by hand, with what it means, is in \`call-machine.ts\`. Tried with a route of two attempts
(two contacts, then one) and with two contacts of a first party: ${calls} different calls.

${graph.diagram()}

${graph.table()}

## A station: an analog telephone on our port

\`libs/line/src/fxs/fxs-line.ts\`; its drawing by hand, with what it means, is in \`fxs-machine.ts\`. Tried with caller ID in each of its
places and with both kinds of hotline: ${station.stations} different stations. A card that is pulled leads from every state to "absent",
and is left out.

${station.graph.diagram()}

${station.graph.table()}

## A telephone company's line

\`libs/line/src/fxo/fxo.ts\`; its drawing by hand, with what it means, is in \`fxo-machine.ts\`. Tried on a line that is seized for caller ID, has a
second dial tone and a longest call: ${line.lines} different lines. Timers are not among what it does: they follow from the states (\`fxo-timers.ts\`).

${line.graph.diagram()}

${line.graph.table()}

## A trunk's registration

\`libs/sip-endpoint/src/trunk/registration.ts\`, where its drawing by hand is. Tried with two servers.

${drawn(exploreRegistration())}

## Whether a trunk answers

\`libs/sip-endpoint/src/trunk/reachability.ts\`: rounds of OPTIONS.

${exploreReachability().diagram()}

## Whether a trunk carries calls

\`libs/sip-endpoint/src/trunk/call-outcomes.ts\`.

${drawn(exploreCallOutcomes())}

## What is watched of a call

\`libs/presence/src/dialog-machine.ts\`, where its drawing by hand is.

${drawn(exploreWatchedDialog())}

## A subscription, on the notifier's side (RFC 6665 4.2)

\`libs/sip/src/events/subscription.ts\`, where its drawing by hand is.

${drawn(exploreSubscription())}

## A message is left in a mailbox

\`libs/app-endpoint/src/voicemail/deposit.ts\`, where its drawing by hand is. That the call is over leads from everywhere to "over".

${drawn(exploreDeposit())}

## A menu

\`libs/app-endpoint/src/ivr.ts\`, where its drawing by hand is. Tried with the choices 1 and 12, and with somewhere to go for who chooses nothing.

${drawn(exploreMenu())}

## Transactions (RFC 3261 17, RFC 6026)

\`libs/sip/src/transaction\`; up to five inputs in any order, over UDP and TCP. "(TCP)" marks what happens only there: nothing can
come twice, so the wait states have no length.

${section('INVITE client', inviteClient)}

${section('INVITE server', inviteServer)}

${section('Non-INVITE client', nonInviteClient)}

${section('Non-INVITE server', nonInviteServer)}

## Offer and answer in one dialog (RFC 3264, RFC 6337)

\`libs/sip/src/session/signaling.ts\`.

${offerAnswer().diagram()}
`;
}

function drawn(graph: StateGraph): string {
  return `${graph.diagram()}\n\n${graph.table()}`;
}

function section(title: string, machine: Parameters<typeof exploreTransaction>[0]): string {
  const graph = exploreTransaction(machine);
  return `### ${title}\n\n${graph.diagram()}\n\n${graph.table()}`;
}

function offerAnswer(): StateGraph {
  const graph = new StateGraph('none');
  const states: SignalingState[] = ['none'];
  const inputs: SignalingInput[] = ['sendOffer', 'receiveOffer', 'sendAnswer', 'receiveAnswer', 'withdraw'];
  for (const from of states) {
    for (const input of inputs) {
      const to = signaling(from, input);
      if (to === undefined) continue;
      graph.add({ from, input, to, does: [] });
      if (!states.includes(to)) states.push(to);
    }
  }
  return graph;
}
