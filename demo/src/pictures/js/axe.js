// Runs axe-core with every rule that is not an experiment. Calls back with the faults as sentences.
const done = arguments[arguments.length - 1];
const rules = { "target-size": { enabled: true } };
const sentence = ({ id, nodes }) => nodes.map((node) => {
  const why = [...node.any, ...node.all, ...node.none].map(({ message }) => message).join("; ");
  return `axe ${id}: ${node.target.join(" ")}: ${why}`;
});
axe.run(document, { resultTypes: ["violations"], rules }).then(
  ({ violations }) => done(violations.flatMap(sentence)),
  (error) => done([`axe failed: ${error}`]),
);
