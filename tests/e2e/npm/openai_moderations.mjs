// What a JavaScript platform does with OpenAI's own client; only the base URL and the key are ours. Prints JSON.
import OpenAI from "openai";

const client = new OpenAI(); // OPENAI_BASE_URL and OPENAI_API_KEY, as its users set them
const [mild, rude, image] = [process.env.MILD, process.env.RUDE, process.env.IMAGE];

const raised = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return { name: error.constructor.name, status: error.status, code: error.code, type: error.type, param: error.param };
  }
};

const models = [];
for await (const model of client.models.list()) models.push(model.id);

const { data, request_id } = await client.moderations.create({ input: rude }).withResponse();
console.log(
  JSON.stringify({
    one: data,
    requestId: request_id,
    several: (await client.moderations.create({ model: "omni-moderation-latest", input: [mild, rude] })).results,
    item: (
      await client.moderations.create({
        input: [
          { type: "text", text: mild },
          { type: "image_url", image_url: { url: image } },
        ],
      })
    ).results,
    models,
    badInput: await raised(() => client.moderations.create({ input: [mild, ""] })),
    wrongKey: await raised(() => client.withOptions({ apiKey: "re_wrong" }).moderations.create({ input: mild })),
    unknownModel: await raised(() => client.models.retrieve("gpt-4o")),
  }),
);
