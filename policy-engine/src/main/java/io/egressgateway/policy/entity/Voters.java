package io.egressgateway.policy.entity;

import akka.actor.typed.ActorRef;
import io.egressgateway.policy.domain.AuthorityCore;
import io.egressgateway.policy.witness.WitnessPanel;

/** Asks the witnesses for votes; the answers come to the node's entity as commands. */
record Voters(WitnessPanel witnesses, ActorRef<NodeEntity.Command> answerTo) {

  void ask(AuthorityCore.Effect.AskVotes question) {
    witnesses.askVotes(
        question.session(),
        question.round(),
        question.renewals(),
        answer -> answerTo.tell(command(answer)));
  }

  private static NodeEntity.Command command(WitnessPanel.Answer answer) {
    return switch (answer) {
      case WitnessPanel.Vote(var session, long round, int witness) ->
          new NodeEntity.Voted(session, round, witness);
      case WitnessPanel.Held(var session, long round, int witness, var remaining) ->
          new NodeEntity.VoteHeld(session, round, witness, remaining);
    };
  }
}
