package io.vigie.console.register;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/**
 * What pages of registers say, in English; in French it is {@code messages/register_fr.properties}.
 * What only data names is in {@code words/registers*.properties}.
 */
@MessageBundle("register")
public interface RegisterMessages {

  @Message("Registers")
  String registers();

  @Message("Mine")
  String mine();

  @Message("Each list has what you may see. Filters are in the address: keep it as a bookmark.")
  String registersLead();

  @Message("Asked often")
  String views();

  @Message("Filter")
  String filter();

  @Message("Any")
  String any();

  @Message("Yes")
  String yes();

  @Message("No")
  String no();

  @Message("Show")
  String show();

  @Message("Clear the filters")
  String clear();

  @Message("Nothing is like that.")
  String none();

  @Message("Nothing")
  String nothing();

  @Message("{first} in the first, {last} in the last, between {low} and {high}")
  String curveSays(String first, String last, String low, String high);

  @Message("dashed: {goal}")
  String dashed(String goal);

  @Message("Next page")
  String next();

  @Message("First page")
  String first();

  @Message("Download as CSV")
  String export();

  @Message("This part does not answer at the moment. Try again shortly; the rest goes on.")
  String away();

  @Message("Your roles do not let you see this part.")
  String forbidden();

  @Message("The service does not take this question:")
  String refused();

  @Message("All of them")
  String all();

  @Message("There is more.")
  String thereIsMore();

  @Message("What is known of it")
  String facts();

  @Message("What you may do")
  String actions();

  @Message("There is nothing that you may do with it now.")
  String noActions();

  @Message("Done: {action}")
  String done(String action);

  @Message("Not done: {action}")
  String notDone(String action);

  @Message("Something in the form is missing or cannot be read.")
  String incomplete();

  @Message(
      "Somebody changed it meanwhile. The page shows how it stands now; what you typed is kept. Look again, then send it again if it still holds.")
  String conflict();

  @Message("The rules do not allow it:")
  String ruledOut();

  @Message(
      "The service does not answer. What you typed is still here: send it again in a moment. It will be done once.")
  String sendAgain();

  @Message("You typed:")
  String youTyped();

  @Message("A name, or me")
  String personHint();

  @Message("A name, or its number")
  String assetHint();

  @Message("Its number, as its page has it")
  String idHint();

  @Message("{zone} time")
  String timeHint(String zone);

  @Message("Choose")
  String choose();

  @Message("Your rights, what you answer for, and what others ask you.")
  String mineLead();

  @Message(
      "Nobody in the register of people has your account, so that rights and assets cannot be shown as yours. Ask an access manager to link it.")
  String nobody();

  @Message("Review: {name}")
  String review(String name);

  @Message(
      "Say of each whether it is still needed. Arrow keys choose, Tab goes on, and one button sends all. What you leave open stays open.")
  String reviewLead();

  @Message("Nothing waits for your answer in this campaign.")
  String reviewNone();

  @Message("Answered: {number}")
  String answered(String number);

  @Message("No answer was taken.")
  String notTaken();

  @Message("Leave open")
  String leaveOpen();

  @Message("Still needed")
  String certify();

  @Message("Needed until")
  String reduce();

  @Message("Not needed: take it away")
  String revoke();

  @Message("Somebody else is to say")
  String delegate();

  @Message("Who (a name)")
  String delegateWho();

  @Message("Why")
  String why();

  @Message("Why (needed: it is sensitive)")
  String whyNeeded();

  @Message("Last day")
  String lastDay();

  @Message("Send the answers")
  String sendAnswers();

  @Message("What {name} depends on")
  String dependencies(String name);

  @Message("It needs")
  String needs();

  @Message("It is needed by")
  String neededBy();

  @Message("It needs nothing else.")
  String needsNothing();

  @Message("Nothing else needs it.")
  String neededByNothing();

  @Message("Not all of it is shown: it is too much, too deep, or a part did not answer.")
  String cut();

  @Message("level {depth}")
  String depth(int depth);

  @Message("what it needs is above")
  String again();

  @Message("Network matrix")
  String matrix();

  @Message("What may talk to what: from the zone of a line to the zone of a column.")
  String matrixLead();

  @Message("From")
  String from();

  @Message("No flow is approved.")
  String noFlows();

  @Message("Zones without any: {number}")
  String quietZones(String number);

  @Message(
      "What was sent first was taken; what was changed in the form after that was not. The page shows how it stands now.")
  String taken();

  @Message(
      "It is being done already, or too much was asked at once. What you typed is still here: send it again in a moment. It will be done once.")
  String underWay();

  @Message(
      "It cannot be told at the moment which rights and assets are yours. Try again shortly; the rest goes on.")
  String mineAway();

  @Message("Whose answer it waits for")
  String reviewWhose();

  @Message("Mine")
  String reviewMine();

  @Message("Any access manager's")
  String reviewShared();

  @Message("Not asked any more. You had answered:")
  String reviewGone();

  @Message("One a line")
  String linesHint();

  @Message("Revocations to confirm: {name}")
  String confirmTitle(String name);

  @Message(
      "These rights were revoked, and Vigie cannot take them away by itself. Tick those of which you saw that they are gone.")
  String confirmLead();

  @Message("Confirm that they are gone")
  String confirmThem();

  @Message("Nothing waits for your confirmation here.")
  String confirmNothing();

  @Message("{count} confirmed.")
  String confirmDone(String count);

  @Message("Tick one at least.")
  String confirmWhich();

  @Message("Drawing")
  String drawing();

  @Message(
      "Each arrow leads from an asset to what it needs. The lists below say the same in words.")
  String drawingLead();
}
