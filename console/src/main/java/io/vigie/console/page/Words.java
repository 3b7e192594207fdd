package io.vigie.console.page;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/**
 * What pages say, in English; in French it is {@code messages/msg_fr.properties}. The build checks
 * that each language has each sentence.
 */
@MessageBundle
public interface Words {

  @Message("Skip to the content")
  String skip();

  @Message("Main")
  String navigation();

  @Message("Home")
  String home();

  @Message("What waits for me")
  String tasks();

  @Message("Controls")
  String controls();

  @Message("Sign out")
  String signOut();

  @Message("Sign out everywhere, in all browsers")
  String signOutEverywhere();

  @Message("You are still signed in")
  String stillSignedIn();

  @Message(
      "Your other sessions were not ended: the sign-in service does not answer, or does not let your account do it. Try again shortly; if it stays, ask the security team to end them.")
  String stillSignedInLead();

  @Message("Language and colours")
  String preferences();

  @Message("Light")
  String light();

  @Message("Dark")
  String dark();

  @Message("As the system")
  String system();

  @Message("Signed in as {name}")
  String signedInAs(String name);

  @Message("Report an incident")
  String reportTitle();

  @Message(
      "Something looks wrong, is lost, or was sent to the wrong person? Report it. It takes a minute, and you need not be sure.")
  String reportLead();

  @Message("What happened?")
  String whatHappened();

  @Message("One sentence.")
  String whatHappenedHint();

  @Message("What did you see, and where?")
  String details();

  @Message("When was it?")
  String when();

  @Message("Now, unless you say otherwise; {zone} time.")
  String whenHint(String zone);

  @Message("Anything else? When it was noticed, the place, files")
  String reportMore();

  @Message("Noticed later? When?")
  String noticed();

  @Message("Only if it was not at once.")
  String noticedHint();

  @Message("Place")
  String place();

  @Message("Only if you know it: an office, a page, a machine.")
  String placeHint();

  @Message("Files")
  String files();

  @Message(
      "Only if you have any: a picture, the mail as a file, a log. Up to 10 MB each, 30 MB and ten files together.")
  String filesHint();

  @Message("Choose your files again.")
  String filesAgain();

  @Message("Add more files")
  String filesMore();

  @Message("Add them")
  String filesAdd();

  @Message("These files were not taken:")
  String filesRefused();

  @Message(
      "Pictures, PDF and text of up to 10 MB are taken, by what is in them. If that is what they are, add them again in a moment.")
  String filesRefusedHint();

  @Message("None was added: these files were more than 30 MB together. Add fewer at a time.")
  String filesTooLarge();

  @Message("Send the report")
  String send();

  @Message("The report was not sent.")
  String notSent();

  @Message("Say what happened and what you saw.")
  String problemIncomplete();

  @Message(
      "That is too long: at most 200 characters for what happened and the place, and 10,000 for what you saw.")
  String problemTooLong();

  @Message("When it was must be a time in the past.")
  String problemBadTime();

  @Message("When it was noticed must be a time between when it was and now.")
  String problemBadNotice();

  @Message(
      "Your files were more than 30 MB together, and nothing of it was read. Send it again with fewer; the others are added to the report afterwards.")
  String problemFilesTooLarge();

  @Message(
      "This form was sent before, with other words. To report something else, open Home again.")
  String problemAlreadySent();

  @Message("It was refused. Open Home again, and if that does not help, call the security team.")
  String problemRefused();

  @Message(
      "The incident service does not answer. What you wrote is still here: send it again in a moment. It will be reported once. If it is urgent, call the security team.")
  String problemAway();

  @Message("Thank you. Your report has arrived.")
  String reported();

  @Message("Its number")
  String number();

  @Message("It happened")
  String occurredAt();

  @Message("Reported")
  String reportedAt();

  @Message("Where it stands")
  String standing();

  @Message("Somebody will look at it.")
  String stateReported();

  @Message("It is an incident now, and somebody works on it.")
  String statePromoted();

  @Message("It is of an incident that somebody works on already.")
  String stateMerged();

  @Message("It was looked at, and is no incident.")
  String stateDismissed();

  @Message("Incident")
  String incident();

  @Message("Why not")
  String dismissalReason();

  @Message("Download the receipt")
  String receipt();

  @Message("It proves that your report is in the log that nobody can change.")
  String receiptLead();

  @Message("The receipt is not ready yet")
  String receiptPending();

  @Message("The log takes a few seconds to sign what it has. Try again in a moment.")
  String receiptPendingLead();

  @Message("Try again")
  String tryAgain();

  @Message("Looking at what waits for you…")
  String tasksLoading();

  @Message("Show what waits for me")
  String tasksOpen();

  @Message("Nothing waits for you.")
  String tasksNone();

  @Message("About")
  String taskSubject();

  @Message("Since")
  String since();

  @Message("Due")
  String due();

  @Message("Late")
  String late();

  @Message("There is more: the oldest 50 of each part are shown.")
  String tasksMore();

  @Message("Not answering at the moment: {names}. What waits for you there is not shown.")
  String tasksAway(String names);

  @Message(
      "Where the rules of the security policy stand, computed from what happened. Those that no query decides say what does: tests, or a person.")
  String controlsLead();

  @Message("Kept")
  String green();

  @Message("Excepted")
  String amber();

  @Message("Not kept")
  String red();

  @Message("Not applicable")
  String notApplicable();

  @Message("Not judged yet")
  String unknown();

  @Message("Proved by tests")
  String byBuild();

  @Message("Attested until {end}")
  String attestedUntil(String end);

  @Message("Not attested")
  String notAttested();

  @Message("Decided elsewhere")
  String decidedElsewhere();

  @Message("not up to date")
  String stale();

  @Message("{failing} of {all}")
  String failingOf(String failing, String all);

  @Message("Objects that do not keep it")
  String failingObjects();

  @Message("Every object in scope keeps this rule.")
  String noneFails();

  @Message("There is no other that you may see.")
  String noOtherFails();

  @Message("Some objects do not keep this rule, but none that you may see.")
  String noneSeenFails();

  @Message("It was not judged yet: nothing can be said of its objects.")
  String unjudged();

  @Message("Kind")
  String kind();

  @Message("Object")
  String object();

  @Message("Why")
  String why();

  @Message("Owner")
  String owner();

  @Message("nobody")
  String nobody();

  @Message("nobody by name; in charge: {role}")
  String inCharge(String role);

  @Message("More")
  String more();

  @Message("In scope")
  String inScope();

  @Message("The clause, as it is asked")
  String query();

  @Message("Tests that prove it")
  String tests();

  @Message(
      "No query decides it, and nothing is computed here: the build of Vigie runs these tests, and fails where one of them does.")
  String testsLead();

  @Message("What proves it")
  String provenBy();

  @Message("The events that prove it, in the log")
  String provenEvents();

  @Message("Attested on {time} by")
  String attestedAt(String time);

  @Message("The attestation, and giving one")
  String attestation();

  @Message("Nobody attests it at present.")
  String attestedByNobody();

  @Message("No machine can know it, so people say so: {role}.")
  String attests(String role);

  @Message("Dashboards")
  String dashboards();

  @Message("Strategic dashboard")
  String strategic();

  @Message("Steering dashboard")
  String steering();

  @Message("Operational dashboard")
  String operational();

  @Message("As of {time}.")
  String asOf(String time);

  @Message("Reload")
  String reload();

  @Message("Follows what happens.")
  String liveOn();

  @Message("Does not follow at the moment.")
  String liveOff();

  @Message("Paused: the figures stay as they are.")
  String livePaused();

  @Message("Pause")
  String livePause();

  @Message("Follow again")
  String liveResume();

  @Message("For a screen on a wall")
  String wall();

  @Message("Leave the wall view")
  String wallLeave();

  @Message("This does not answer at the moment. Reload the page shortly; the rest goes on.")
  String figuresAway();

  @Message("There are no figures here yet.")
  String noFigures();

  @Message("No figure")
  String noFigure();

  @Message("Target:")
  String target();

  @Message("Met")
  String targetMet();

  @Message("Missed")
  String targetMissed();

  @Message("Not measured, and not in it: {count}")
  String unmeasured(String count);

  @Message("not measured")
  String notMeasured();

  @Message("No history is kept of this figure.")
  String noSeries();

  @Message("Too few days are known to show how it was.")
  String noDays();

  @Message("The last 30 days")
  String days30();

  @Message("{first}: {from}. {last}: {to}. Between {low} and {high}.")
  String lineSays(String first, String from, String last, String to, String low, String high);

  @Message("The same as on {day}")
  String same(String day);

  @Message("since {day}")
  String sinceDay(String day);

  @Message("better")
  String better();

  @Message("worse")
  String worse();

  @Message("{amount}%")
  String percent(String amount);

  @Message("{amount} points")
  String points(String amount);

  @Message("{amount} s")
  String seconds(String amount);

  @Message("{amount} min")
  String minutes(String amount);

  @Message("{amount} h")
  String hours(String amount);

  @Message("{amount} d")
  String days(String amount);

  @Message("Rules by section of the policy")
  String sections();

  @Message("Section")
  String sectionOf();

  @Message("As a bar")
  String asBar();

  @Message("As a table")
  String asTable();

  @Message("Day (UTC)")
  String onDay();

  @Message("Figure")
  String figureItself();

  @Message("Objects")
  String objectCount();

  @Message("What is behind it")
  String behind();

  @Message("What is behind it does not answer at the moment. Reload the page shortly.")
  String behindAway();

  @Message("Nothing is behind it.")
  String nothingBehind();

  @Message("Only those whose amount is")
  String amountIs();

  @Message("Show")
  String amountShow();

  @Message("Amount")
  String amountOf();

  @Message("Entry of the log")
  String logEntry();

  @Message("How it is computed")
  String figureQuery();

  @Message("Report on the policy (PDF)")
  String policyReport();

  @Message("The same for a spreadsheet (CSV)")
  String policyReportAsTable();

  @Message("Statement of applicability")
  String statement();

  @Message(
      "Every control of ISO/IEC 27001:2022 Annex A, with the rules that serve it and where they stand.")
  String statementLead();

  @Message("Download for a spreadsheet (CSV)")
  String asSpreadsheet();

  @Message("Download on pages (PDF)")
  String onPages();

  @Message("Proven by the log of {entries} entries, whose signed tree has the root")
  String provenUntil(String entries);

  @Message("Evidence: {entries}")
  String evidenceOf(String entries);

  @Message("last entry")
  String lastEntry();

  @Message("stands so since entry")
  String standsSince();

  @Message("Control")
  String annexControl();

  @Message("Applies")
  String applies();

  @Message("Served by, or why not")
  String servedBy();

  @Message("yes")
  String yes();

  @Message("no")
  String no();

  @Message("No rule serves it")
  String gap();

  @Message("No control is known.")
  String noAnnex();

  @Message("Its query cannot be asked since {since}: what is shown is older.")
  String queryFails(String since);

  @Message("When it turned")
  String ruleHistory();

  @Message("Turned")
  String turnedAt();

  @Message("Because of")
  String cause();

  @Message("what happened: entry {entry} of the log")
  String causeEvent(String entry);

  @Message("what happened")
  String causeEventUnknown();

  @Message("time that passed")
  String causeTime();

  @Message("another query, or a log read anew")
  String causeQuery();

  @Message("Not kept by")
  String failingCount();

  @Message("Of those, excepted")
  String exceptedCount();

  @Message("It never turned.")
  String noTurns();

  @Message("and before")
  String andBefore();

  @Message("When an object turned under a rule")
  String objectHistory();

  @Message("Owner then")
  String ownerThen();

  @Message("nobody by name")
  String nobodyNamed();

  @Message("It never turned under this rule, or not when you may see it.")
  String noObjectTurns();

  @Message("Exception")
  String exception();

  @Message("until {end}")
  String exceptedUntil(String end);

  @Message("Ask for an exception")
  String askException();

  @Message("Exceptions in force")
  String exceptions();

  @Message("50 of them are shown here, in the order in which they were asked for; there are more.")
  String exceptionsMore();

  @Message("None is in force.")
  String noExceptions();

  @Message("Exceptions do not answer at the moment. Reload the page shortly.")
  String exceptionsAway();

  @Message("Asked for by")
  String requestedBy();

  @Message("Approved by")
  String approvedBy();

  @Message("Ends")
  String endsAt();

  @Message("all in its scope")
  String allInScope();

  @Message("You are signed out")
  String signedOut();

  @Message("Close the browser if others use this computer.")
  String signedOutLead();

  @Message("Sign in")
  String signIn();

  @Message("Sign in again")
  String failure401();

  @Message("The sign-in did not work, or took too long.")
  String failure401Lead();

  @Message("This page is not for you")
  String failure403();

  @Message("Your roles do not let you see it. If you need it for your work, ask for the right.")
  String failure403Lead();

  @Message("There is no such page")
  String failure404();

  @Message("It may have moved, or the address may be incomplete.")
  String failure404Lead();

  @Message("A part is away")
  String failure503();

  @Message(
      "What this page needs does not answer at the moment. Try again shortly; the rest goes on.")
  String failure503Lead();

  @Message("This cannot be taken")
  String failure400();

  @Message(
      "The form was too old, or did not come from this console. Nothing was changed: go back and try again.")
  String failure400Lead();

  @Message("Too many requests")
  String failure429();

  @Message(
      "In one minute more was asked for, by you or from your address, than one person needs. Nothing was done: wait until the minute is over and try again.")
  String failure429Lead();

  @Message("Something went wrong here")
  String failure500();

  @Message(
      "It is not your fault, and it is in our log. Try again; if it stays, tell the security team.")
  String failure500Lead();

  @Message("Back to Home")
  String backHome();
}
